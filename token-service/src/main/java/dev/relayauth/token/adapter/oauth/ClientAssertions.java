package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.ForeignJwt;
import dev.relayauth.token.adapter.http.Answers;
import dev.relayauth.token.adapter.http.IssuingCredential;
import dev.relayauth.token.adapter.kafka.IdentityChains;
import dev.relayauth.token.adapter.postgres.PostgresClientKeys;
import dev.relayauth.token.adapter.postgres.UsedAssertions;
import dev.relayauth.token.domain.issuing.Chain;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Clients that sign with a key of their own (RFC 7523 §2.2 and §3). An assertion lives ten minutes
 * at most and counts once. Blocking.
 */
@Singleton
final class ClientAssertions {
  private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration LEEWAY = Duration.ofSeconds(30);
  private static final int MAX_TEXT = 256;

  private final PostgresClientKeys keys;
  private final IdentityChains chains;
  private final IssuingCredential issuing;
  private final UsedAssertions used;
  private final CryptoProvider crypto;
  private final InstantSource clock;
  private final Set<String> audiences;

  ClientAssertions(
      PostgresClientKeys keys,
      IdentityChains chains,
      IssuingCredential issuing,
      UsedAssertions used,
      CryptoProvider crypto,
      InstantSource clock,
      RelayAuthConfig config) {
    this.keys = keys;
    this.chains = chains;
    this.issuing = issuing;
    this.used = used;
    this.crypto = crypto;
    this.clock = clock;
    String issuer = config.issuer();
    // RFC 7523 §3 (3): the token endpoint's URL; newer clients name the issuer.
    this.audiences = Set.of(issuer, issuer + "/", issuer + "/oauth/token");
  }

  /** Whether a request authenticates by an assertion. */
  static boolean isPresent(OAuthForm form) {
    return form.find("client_assertion").isPresent()
        || form.find("client_assertion_type").isPresent();
  }

  /** The client; refused when the assertion is no good. */
  OAuthClient verify(OAuthForm form) {
    if (!form.require("client_assertion_type").equals(TYPE)) {
      throw OAuthRefusal.client("the type of the assertion is not supported");
    }
    ForeignJwt assertion =
        ForeignJwt.parse(form.require("client_assertion")).orElseThrow(ClientAssertions::refused);
    String id = assertion.text("sub").filter(this::isShort).orElseThrow(ClientAssertions::refused);
    PostgresClientKeys.Registered key = key(assertion, id);
    IdentityState identity = identity(key);
    if (issuing.of(key, identity).isEmpty()) {
      throw refused();
    }
    check(assertion, id, form);
    return new OAuthClient(
        key.org(),
        id,
        key.id(),
        "private_key_jwt",
        () -> issuing.of(key, identity).orElseThrow(ClientAssertions::refused));
  }

  private IdentityState identity(PostgresClientKeys.Registered key) {
    return Answers.await(chains.find(key.org(), key.identityId()))
        .map(Chain::self)
        .orElseThrow(ClientAssertions::refused);
  }

  private PostgresClientKeys.Registered key(ForeignJwt assertion, String id) {
    Optional<String> kid = assertion.header("kid").filter(this::isShort);
    return keys.of(id).stream()
        .filter(key -> kid.isEmpty() || kid.get().equals(key.key().kid()))
        .filter(key -> assertion.isSignedBy(key.key(), crypto))
        .findFirst()
        .orElseThrow(ClientAssertions::refused);
  }

  private void check(ForeignJwt assertion, String id, OAuthForm form) {
    Instant now = clock.instant();
    // RFC 7523 §3 (1), (2): both are the client.
    boolean isItsOwn =
        assertion.text("iss").filter(id::equals).isPresent()
            && form.find("client_id").filter(named -> !named.equals(id)).isEmpty();
    boolean isForUs = assertion.audience().stream().anyMatch(audiences::contains);
    Instant end =
        assertion.time("exp").map(Instant::ofEpochSecond).orElseThrow(ClientAssertions::refused);
    boolean isTimely =
        now.isBefore(end.plus(LEEWAY))
            && !end.isAfter(now.plus(LONGEST).plus(LEEWAY))
            && isPast(assertion, "nbf", now)
            && isPast(assertion, "iat", now);
    Optional<String> jti = assertion.text("jti").filter(this::isShort);
    if (!isItsOwn || !isForUs || !isTimely || jti.isEmpty()) {
      throw refused();
    }
    // (7): last, so that a bad assertion takes nobody's jti.
    if (!used.isFirst(id + " " + jti.get(), end.plus(LEEWAY))) {
      throw OAuthRefusal.client("the assertion was used before");
    }
  }

  private static boolean isPast(ForeignJwt assertion, String claim, Instant now) {
    return !assertion.has(claim)
        || assertion
            .time(claim)
            .filter(at -> !Instant.ofEpochSecond(at).isAfter(now.plus(LEEWAY)))
            .isPresent();
  }

  private boolean isShort(String text) {
    return text.length() <= MAX_TEXT && text.indexOf('\0') < 0;
  }

  private static RefusedException refused() {
    return OAuthRefusal.client("the assertion is not one we accept from this client");
  }
}
