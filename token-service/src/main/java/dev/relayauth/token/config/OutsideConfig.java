package dev.relayauth.token.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whom outside our own service the operator knows. */
@ConfigMapping(prefix = "relayauth.token")
public interface OutsideConfig {
  /** Audiences beside the planes of scopes: URIs that clients name as {@code resource}. */
  Optional<List<String>> resources();

  /** Outside issuers whose tokens are a grant (RFC 7523 §2.1), each under a name of ours. */
  Map<String, TrustedIssuer> trustedIssuers();

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

    /**
     * The most its tokens may do. Needed for a human and for an identity that was created without
     * scopes; others get what they may without it.
     */
    Optional<List<String>> scopes();
  }
}
