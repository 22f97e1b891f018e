package dev.relayauth.sdk.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.relayauth.common.token.DpopProofs.Presented;
import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.TokenRefusedException.Reason;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens bound to a key (RFC 9449), at the verifier. */
class BoundTokenTest {
  private static final URI ADDRESS = URI.create("https://shop.example/orders");

  private final DpopKey key = DpopKey.generate();
  private FakeIssuer issuer;
  private TokenVerifier verifier;
  private Secret token;

  @BeforeEach
  void start() throws IOException {
    issuer = new FakeIssuer();
    verifier =
        TokenVerifier.builder()
            .issuer(issuer.url())
            .organization("org_acme")
            .audience(List.of("stripe"))
            .withoutRevocations()
            .build();
    token = new Secret(issuer.boundToken(key.thumbprint(), "stripe:orders:read"));
  }

  @AfterEach
  void stop() {
    verifier.close();
    issuer.close();
  }

  @Test
  void believesItOnceWithAProofByItsKey() {
    String proof = key.proof("GET", ADDRESS, token);

    assertThat(verifier.verify(token.value(), presented(proof)).subject()).isEqualTo("agent_bot");
    assertThat(refusal(proof)).isEqualTo(Reason.PROOF_INVALID);
  }

  @Test
  void refusesItAsABearer() {
    assertThat(reason(() -> verifier.verify(token.value()))).isEqualTo(Reason.PROOF_REQUIRED);
  }

  @Test
  void refusesProofsByAnotherKeyForAnotherRequestOrForAnotherToken() {
    DpopKey other = DpopKey.generate();

    assertThat(refusal(other.proof("GET", ADDRESS, token))).isEqualTo(Reason.PROOF_INVALID);
    assertThat(refusal(key.proof("POST", ADDRESS, token))).isEqualTo(Reason.PROOF_INVALID);
    assertThat(refusal(key.proof("GET", URI.create("https://evil.example/orders"), token)))
        .isEqualTo(Reason.PROOF_INVALID);
    assertThat(refusal(key.proof("GET", ADDRESS))).isEqualTo(Reason.PROOF_INVALID);
    assertThat(refusal(key.proof("GET", ADDRESS, new Secret("another"))))
        .isEqualTo(Reason.PROOF_INVALID);
    assertThat(refusal()).isEqualTo(Reason.PROOF_INVALID);
    assertThat(refusal(key.proof("GET", ADDRESS, token), key.proof("GET", ADDRESS, token)))
        .isEqualTo(Reason.PROOF_INVALID);
  }

  @Test
  void refusesAPlainTokenAsABoundOne() {
    Secret plain = new Secret(issuer.token("stripe:orders:read"));

    assertThat(
            reason(
                () -> verifier.verify(plain.value(), presented(key.proof("GET", ADDRESS, plain)))))
        .isEqualTo(Reason.INVALID);
  }

  private Reason refusal(String... proofs) {
    return reason(() -> verifier.verify(token.value(), presented(proofs)));
  }

  private static Presented presented(String... proofs) {
    return new Presented(List.of(proofs), "GET", ADDRESS.toString());
  }

  private static Reason reason(ThrowingCallable check) {
    return catchThrowableOfType(TokenRefusedException.class, check).reason();
  }
}
