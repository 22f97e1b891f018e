package dev.relayauth.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.DpopProofs;
import dev.relayauth.common.token.DpopProofs.Presented;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class DpopKeyTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Secret TOKEN = new Secret("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");

  private final DpopKey key = new DpopKey(SigningKey.generate(SigningAlgorithm.ES256), () -> NOW);
  private final DpopProofs proofs = new DpopProofs(CryptoProvider.preferred(), () -> NOW);

  @Test
  void provesThatItIsHeldForOneRequestWithoutItsQuery() {
    String proof = key.proof("POST", URI.create("https://auth.example/v1/tokens?x=1#y"));

    assertThat(claims(proof)).contains("\"htu\":\"https://auth.example/v1/tokens\"");
    assertThat(check(proof, "POST", "https://auth.example/v1/tokens", null))
        .isEqualTo(new DpopProofs.Proven(key.thumbprint()));
  }

  @Test
  void bindsAProofToTheTokenThatItComesWith() {
    URI address = URI.create("https://api.example/orders");
    String proof = key.proof("GET", address, TOKEN);

    // The hash is the one of RFC 9449 §7.1 for this token.
    assertThat(claims(proof)).contains("\"ath\":\"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo\"");
    assertThat(check(proof, "GET", address.toString(), "another token"))
        .isInstanceOf(DpopProofs.Refused.class);
    assertThat(check(proof, "GET", address.toString(), TOKEN.value()))
        .isInstanceOf(DpopProofs.Proven.class);
  }

  @Test
  void makesAnotherProofEachTimeAndGivesNothingAway() {
    URI address = URI.create("https://api.example/orders");
    String first = key.proof("GET", address, TOKEN);

    assertThat(key.proof("GET", address, TOKEN)).isNotEqualTo(first);
    assertThat(part(first, 0)).contains("\"typ\":\"dpop+jwt\"").doesNotContain("\"d\":");
    assertThat(key.toString()).isEqualTo("DpopKey[thumbprint=" + key.thumbprint() + "]");
  }

  private DpopProofs.Result check(String proof, String method, String url, String token) {
    return proofs.check(new Presented(List.of(proof), method, url), token);
  }

  private static String claims(String proof) {
    return part(proof, 1);
  }

  private static String part(String proof, int number) {
    return new String(
        Base64.getUrlDecoder().decode(proof.split("\\.")[number]), StandardCharsets.UTF_8);
  }
}
