package dev.relayauth.common.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What every service reads from its configuration, under {@code relayauth}. */
@ConfigMapping(prefix = "relayauth")
public interface RelayAuthConfig {
  /**
   * The service's name: {@code identity}, {@code token}, {@code policy}, {@code audit} or {@code
   * revocation}.
   */
  String service();

  /** The unique name of this replica. */
  String node();

  /** The public base URL; equals the {@code iss} of every token. */
  String issuer();

  /** Internal base URLs by service name. */
  Map<String, String> urls();

  /** Lower-case hex SHA-256 of the platform key; without it the platform routes answer 401. */
  Optional<String> platformKeyHash();

  /** 32 bytes in base64url that authenticate {@code Relay-Revision}; the same at every replica. */
  String revisionKey();

  /** Keys of the calls between services. */
  Internal internal();

  /** How recent a reader's knowledge must be. */
  Freshness freshness();

  /** How committed events leave. */
  Outbox outbox();

  /** The buffer of audit records that leave without a transaction. */
  Audit audit();

  /** Keys of the calls between services. */
  interface Internal {
    /**
     * The file with this service's private JWK (Ed25519), whose {@code kid} is the service's name.
     */
    String privateKeyFile();

    /** The file with the JWKS of every service's public key. */
    String trustedKeysFile();

    /** How long a call to another service may take. */
    @WithDefault("2s")
    Duration timeout();
  }

  /** How recent a reader's knowledge must be. */
  interface Freshness {
    /** A reader whose newest answered probe was sent longer ago than this denies. */
    @WithDefault("1s")
    Duration bound();

    /**
     * Whether a replica whose revocation feed is stale asks the revocation service, once a request,
     * before it refuses a token. API keys and decisions are refused all the same.
     */
    @WithDefault("false")
    boolean askWhenStale();

    /** How often a reader probes the owner of a feed. */
    @WithDefault("250ms")
    Duration probeEvery();

    /** How long a request that names a revision waits for it. */
    @WithDefault("1s")
    Duration waitForRevision();
  }

  /** How committed events leave. */
  interface Outbox {
    /**
     * The least time from one publication to the next. Each costs a transaction at the broker and a
     * fetch by every reader, whatever it carries: an event that comes alone goes at once, one of
     * many goes with the others.
     */
    @WithDefault("20ms")
    Duration linger();
  }

  /** The buffer of audit records that leave without a transaction. */
  interface Audit {
    /** Bytes the producer may hold; when it is full, permits are refused. */
    @WithDefault("16777216")
    long bufferBytes();

    /** Bytes of it that one organisation may hold; without it, half of them. */
    Optional<Long> organizationBytes();

    /** Whether a permit waits for the broker's acknowledgement. */
    @WithDefault("false")
    boolean strict();

    /** Organisations whose permits wait for it though others' don't. */
    Optional<Set<String>> strictOrganizations();
  }
}
