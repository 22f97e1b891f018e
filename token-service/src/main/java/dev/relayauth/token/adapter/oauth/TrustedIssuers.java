package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.ForeignJwt;
import dev.relayauth.token.config.OutsideConfig;
import dev.relayauth.token.config.OutsideConfig.Mapping;
import dev.relayauth.token.config.OutsideConfig.TrustedIssuer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Outside issuers that the operator trusts, and who their subjects are here. An issuer that isn't
 * configured is never asked for anything. Blocking.
 */
@Singleton
final class TrustedIssuers {
  private static final Duration LEEWAY = Duration.ofSeconds(30);
  private static final int MAX_ID = 128;

  private final Map<String, Trusted> byIssuer;
  private final CryptoProvider crypto;
  private final InstantSource clock;

  TrustedIssuers(OutsideConfig config, CryptoProvider crypto, InstantSource clock) {
    this.crypto = crypto;
    this.clock = clock;
    this.byIssuer =
        config.trustedIssuers().values().stream()
            .map(issuer -> new Trusted(issuer, IssuerKeys.of(issuer)))
            .collect(Collectors.toMap(trusted -> trusted.issuer().issuer(), Function.identity()));
  }

  private record Trusted(TrustedIssuer issuer, IssuerKeys keys) {}

  /**
   * Somebody that an issuer vouches for.
   *
   * @param id an identity's id, or a sponsor's
   * @param end when the assertion ends
   */
  record Subject(String org, String id, Mapping mapping, String issuer, Instant end) {
    /** Whether it is a sponsor, who has no scopes of their own. */
    boolean isHuman() {
      return TrustedIssuers.isHuman(id);
    }
  }

  /**
   * Ends a start with a mapping that could sign nobody in.
   *
   * @throws IllegalArgumentException when one names a human and no scopes
   */
  void check(@Observes StartupEvent event) {
    for (Trusted trusted : byIssuer.values()) {
      trusted.issuer().mappings().forEach(TrustedIssuers::check);
    }
  }

  private static void check(String name, Mapping mapping) {
    if (mapping.identity().filter(TrustedIssuers::isHuman).isPresent()
        && mapping.scopes().isEmpty()) {
      throw new IllegalArgumentException(
          "the mapping " + name + " of a trusted issuer names a human and needs scopes");
    }
  }

  private static boolean isHuman(String id) {
    return id.startsWith(IdPrefix.SPONSOR.text());
  }

  /** The subject of an assertion; refused when it is not good for anybody here. */
  Subject subject(ForeignJwt assertion) {
    Trusted trusted =
        assertion
            .text("iss")
            .flatMap(iss -> Optional.ofNullable(byIssuer.get(iss)))
            .orElseThrow(() -> OAuthRefusal.grant("the issuer is not trusted"));
    // RFC 7523 §3 (9): the signature before anything that it says is used.
    if (!trusted.keys().find(assertion.header("kid")).stream()
        .anyMatch(key -> assertion.isSignedBy(key, crypto))) {
      throw OAuthRefusal.grant("the assertion is not signed by a key of its issuer");
    }
    // (3)
    if (!assertion.audience().contains(trusted.issuer().audience())) {
      throw OAuthRefusal.grant("the assertion is for somebody else");
    }
    // (2)
    if (assertion.text("sub").isEmpty()) {
      throw OAuthRefusal.grant("the assertion names no subject");
    }
    Instant end = end(assertion, trusted.issuer());
    Mapping mapping = mapping(assertion, trusted.issuer());
    return new Subject(
        trusted.issuer().org(), id(assertion, mapping), mapping, trusted.issuer().issuer(), end);
  }

  /** RFC 7523 §3 (4), (5), (6). */
  private Instant end(ForeignJwt assertion, TrustedIssuer issuer) {
    Instant now = clock.instant();
    Optional<Instant> end = assertion.time("exp").map(Instant::ofEpochSecond);
    Optional<Instant> begin = assertion.time("iat").map(Instant::ofEpochSecond);
    boolean isTimely =
        end.isPresent()
            && begin.isPresent()
            // No leeway: nothing that comes of it outlives it.
            && now.isBefore(end.get())
            && !begin.get().isAfter(now.plus(LEEWAY))
            && Duration.between(begin.get(), end.get()).compareTo(issuer.maxLifetime()) <= 0;
    boolean hasBegun =
        !assertion.has("nbf")
            || assertion
                .time("nbf")
                .filter(at -> !Instant.ofEpochSecond(at).isAfter(now.plus(LEEWAY)))
                .isPresent();
    if (!isTimely || !hasBegun) {
      throw OAuthRefusal.grant("the assertion is not for this moment, or for too long a time");
    }
    return end.get();
  }

  private static Mapping mapping(ForeignJwt assertion, TrustedIssuer issuer) {
    return new TreeMap<>(issuer.mappings())
        .values().stream()
            .filter(mapping -> !mapping.claims().isEmpty() && fits(assertion, mapping))
            .findFirst()
            .orElseThrow(() -> OAuthRefusal.grant("the subject is nobody here"));
  }

  private static boolean fits(ForeignJwt assertion, Mapping mapping) {
    return mapping.claims().entrySet().stream()
        .allMatch(
            wanted ->
                assertion
                    .text(wanted.getKey())
                    .filter(actual -> fits(actual, wanted.getValue()))
                    .isPresent());
  }

  private static boolean fits(String actual, String wanted) {
    return wanted.endsWith("*")
        ? actual.startsWith(wanted.substring(0, wanted.length() - 1))
        : actual.equals(wanted);
  }

  private static String id(ForeignJwt assertion, Mapping mapping) {
    return mapping
        .identity()
        .or(() -> mapping.identityClaim().flatMap(assertion::text))
        .filter(id -> id.length() <= MAX_ID)
        .orElseThrow(() -> OAuthRefusal.grant("the subject is nobody here"));
  }
}
