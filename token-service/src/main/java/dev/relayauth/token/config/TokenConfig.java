package dev.relayauth.token.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the token service reads from its configuration. */
@ConfigMapping(prefix = "relayauth.token")
public interface TokenConfig {
  /** 32 bytes in base64url under which signing keys rest. */
  String keyEncryptionKey();

  /** 32 bytes in base64url under which successors of refresh tokens are derived. */
  String refreshKey();

  /** How long a used refresh token may be presented again and gets the same successor. */
  @WithDefault("10s")
  Duration refreshGrace();

  /** How long a new key is published before it signs, so that every verifier has it by then. */
  @WithDefault("6s")
  Duration keyActivationDelay();

  /** Audiences beside the planes of scopes: URIs that clients name as {@code resource}. */
  Optional<List<String>> resources();

  /** Outside issuers whose tokens are a grant (RFC 7523 §2.1), each under a name of ours. */
  Map<String, TrustedIssuer> trustedIssuers();

  /** How issues become durable. */
  GroupCommit groupCommit();

  /** An outside issuer. Its keys come from what is configured here and from nowhere else. */
  interface TrustedIssuer {
    /** Equals {@code iss}. */
    String issuer();

    /** Is in {@code aud}. */
    String audience();

    /** The organisation whose identities it vouches for. */
    String org();

    /** Where its JWK Set is; https, or http to a loopback address. */
    Optional<URI> jwksUri();

    /** Or a file that holds it, read again when it changes. */
    Optional<Path> jwksFile();

    /** The longest life of an assertion, from {@code iat} to {@code exp}. */
    @WithDefault("24h")
    Duration maxLifetime();

    /** Who its subjects are here; the first that fits counts, in the order of their names. */
    Map<String, Mapping> mappings();
  }

  /** Who the subject of an assertion is here. */
  interface Mapping {
    /** What the claims must say, by name; a trailing {@code *} stands for any ending. */
    Map<String, String> claims();

    /** The identity, or the human when it is a sponsor's id. */
    Optional<String> identity();

    /** Or the claim whose text is that id. */
    Optional<String> identityClaim();

    /** The most its tokens may do; needed for a human, otherwise what the identity may. */
    Optional<List<String>> scopes();
  }

  /** How issues become durable. */
  interface GroupCommit {
    /** The most issues in one transaction. */
    @WithDefault("256")
    int batch();

    /** The most issues that may wait; one more is answered 503. */
    @WithDefault("4096")
    int queue();

    /** How many transactions may be under way. */
    @WithDefault("2")
    int committers();
  }
}
