package dev.relayauth.audit.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the audit service reads from its configuration. */
@ConfigMapping(prefix = "relayauth.audit")
public interface AuditConfig {
  /** 32 bytes in base64url under which the log's key and the secrets of webhooks rest. */
  String keyEncryptionKey();

  /** How often the trees that have grown are checkpointed. */
  @WithDefault("1s")
  Duration checkpointEvery();

  /** How long records are kept where an organisation doesn't say, in days. */
  @WithDefault("90")
  int retentionDays();

  /** How often what is too old is looked for. */
  @WithDefault("1h")
  Duration retentionEvery();

  /** Organisations whose records go to a topic of their own as well. */
  Optional<Set<String>> mirrorOrganizations();

  /** The live stream. */
  Stream stream();

  /** Deliveries to the addresses of organisations. */
  Webhooks webhooks();

  /** The live stream. */
  interface Stream {
    /** How often a quiet stream shows that it lives. */
    @WithDefault("10s")
    Duration heartbeat();

    /** How often the credential of a stream is checked again while there is nothing to send. */
    @WithDefault("250ms")
    Duration recheck();

    /** The most streams of one organisation at this replica. */
    @WithDefault("32")
    int maxPerOrganization();
  }

  /** Deliveries to the addresses of organisations. */
  interface Webhooks {
    /** Private addresses that the operator vouches for, as {@code host:port}. */
    Optional<List<String>> allowedPrivate();

    /** How long one attempt may take. */
    @WithDefault("10s")
    Duration timeout();

    /** The wait after the first failure; each further failure multiplies it by four. */
    @WithDefault("5s")
    Duration firstRetry();

    /** The longest wait. */
    @WithDefault("8h")
    Duration longestRetry();

    /** After so many attempts a delivery is given up. */
    @WithDefault("10")
    int attempts();

    /** A webhook that failed so often in a row is degraded. */
    @WithDefault("5")
    int degradedAfter();

    /** A webhook that failed so often in a row, and for {@link #disabledAfter}, is disabled. */
    @WithDefault("20")
    int disabledAfterFailures();

    /** See {@link #disabledAfterFailures}. */
    @WithDefault("24h")
    Duration disabledAfter();

    /** How long ended deliveries stay in the log. */
    @WithDefault("7d")
    Duration keepLog();
  }
}
