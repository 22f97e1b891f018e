package dev.relayauth.sdk.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.TokenRefusedException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private FakeIssuer issuer;
  private TokenVerifier verifier;

  @BeforeEach
  void start() throws IOException {
    issuer = new FakeIssuer();
    verifier = described().build();
    until(verifier::isFresh);
  }

  @AfterEach
  void stop() {
    verifier.close();
    issuer.close();
  }

  @Test
  void believesAGoodTokenAndNamesTheHuman() {
    VerifiedToken token = verifier.verify(issuer.token("stripe:orders:read"));

    assertThat(token.subject()).isEqualTo("agent_bot");
    assertThat(token.human()).isEqualTo("user_jane");
    assertThat(token.covers("stripe:orders:read:/a")).isTrue();
    assertThat(token.covers("stripe:orders:approve")).isFalse();
    assertThat(token.covers("no scope")).isFalse();
  }

  @Test
  void refusesAnotherAudienceIssuerOrOrganisation() {
    assertThat(refusal(issuer.token(issuer.claims().aud(List.of("github")))))
        .isEqualTo(Reason.INVALID);
    assertThat(refusal(issuer.token(issuer.claims().iss("https://evil.example"))))
        .isEqualTo(Reason.INVALID);
    assertThat(refusal(issuer.token(issuer.claims().org("org_other"))))
        .isEqualTo(Reason.WRONG_ORGANIZATION);
  }

  @Test
  void refusesAnExpiredTokenAndAnAlteredOne() {
    String good = issuer.token("stripe:orders:read");

    assertThat(refusal(issuer.token(issuer.claims().exp(1_000)))).isEqualTo(Reason.EXPIRED);
    assertThat(refusal(good.substring(0, good.length() - 4) + "AAAA")).isEqualTo(Reason.INVALID);
    assertThat(refusal("nonsense")).isEqualTo(Reason.INVALID);
  }

  @Test
  void refusesATokenOnceItsIdentityIsRevoked() {
    String token = issuer.token("stripe:orders:read");
    verifier.verify(token);

    issuer.revokeIdentity("agent_bot", 6);

    until(() -> refusal(token) == Reason.REVOKED);
  }

  @Test
  void believesATokenIssuedAfterTheRevocation() {
    issuer.revokeIdentity("agent_bot", 6);
    String before = issuer.token("stripe:orders:read");
    until(() -> refusal(before) == Reason.REVOKED);

    assertThat(verifier.verify(issuer.token(issuer.claims().rev(6))).subject())
        .isEqualTo("agent_bot");
  }

  @Test
  void failsClosedWhenTheFeedIsCut() {
    String token = issuer.token("stripe:orders:read");
    verifier.verify(token);

    issuer.cutTheFeed();

    until(() -> refusal(token) == Reason.FEED_STALE);
  }

  @Test
  @Tag("waits")
  void recoversFromASnapshotThatStalls() {
    String token = issuer.token("stripe:orders:read");
    verifier.verify(token);

    issuer.stallASnapshot();

    until(() -> refusal(token) == Reason.FEED_STALE);
    until(() -> refusal(token) == null);
  }

  @Test
  @Tag("waits")
  void recoversFromKeysThatStall() {
    String token = issuer.token("stripe:orders:read");
    issuer.stallTheKeys();

    until(() -> refusal(token) == null);

    assertThat(issuer.keyRequests.get()).isGreaterThan(1);
  }

  @Test
  @Tag("waits")
  void opensAStreamAnewThatGivesNoSignOfLife() {
    issuer.stallStreams();
    int before = issuer.streamRequests.get();

    until(() -> issuer.streamRequests.get() >= before + 3);

    assertThat(refusal(issuer.token("stripe:orders:read"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":1}",
        "[]",
        "null",
        "",
        "<html><body>Sign in</body></html>",
        "{\"error\":\"login_required\"}",
        "{\"head\":1,\"complete\":true,\"entries\":{},\"removed\":[]}",
        "{\"head\":1,\"complete\":true,\"removed\":[]}",
        "{\"head\":1,\"entries\":[],\"removed\":[]}",
        "{\"complete\":true,\"entries\":[],\"removed\":[]}",
        "{\"head\":1,\"complete\":true,\"entries\":[],\"removed\":[]} {}",
        "{\"head\":1,\"complete\":true,\"entries\":[{}],\"removed\":[]}",
        "{\"head\":9,\"complete\":false,\"since\":8,\"entries\":[],\"removed\":[]}",
        "{\"head\":0,\"complete\":false,\"since\":1,\"entries\":[],\"removed\":[]}"
      })
  void takesNoOtherAnswerForProofThatNothingIsRevoked(String other) {
    String token = issuer.token("stripe:orders:read");
    verifier.verify(token);

    issuer.answerInstead(other);

    until(() -> refusal(token) == Reason.FEED_STALE);
  }

  @Test
  void takesWhatChangedSinceThePlaceThatItAskedFor() {
    String token = issuer.token("stripe:orders:read");

    issuer.answerInstead(
        """
        {"head":6,"complete":false,"since":1,"removed":[],"entries":[{"type":"identity",
        "orgId":"org_acme","targetId":"agent_bot","closed":false,"sequence":6,
        "expiresAt":"2999-01-01T00:00:00Z"}]}
        """);

    until(() -> refusal(token) == Reason.REVOKED);
  }

  @Test
  void findsANewKeyButAsksRarelyForUnknownOnes() {
    issuer.rotate();
    int before = issuer.keyRequests.get();
    for (int i = 0; i < 50; i++) {
      refusal(issuer.token("stripe:orders:read"));
    }

    assertThat(issuer.keyRequests.get() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(
            catchThrowableOfType(
                IllegalStateException.class,
                () -> TokenVerifier.builder().issuer("https://auth.example").build()))
        .hasMessageContaining("organization");
  }

  private TokenVerifier.Builder described() {
    return TokenVerifier.builder()
        .issuer(issuer.url())
        .organization("org_acme")
        .audience(List.of("stripe"))
        .bound(Duration.ofMillis(800))
        .revocationsBy(() -> new Secret("rak_test"));
  }

  private Reason refusal(String token) {
    TokenRefusedException refused =
        catchThrowableOfType(TokenRefusedException.class, () -> verifier.verify(token));
    return refused == null ? null : refused.reason();
  }

  private static void until(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(giveUp);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
