package dev.relayauth.common.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DpopProofsTest {
  private static final long NOW = 1_800_000_000L;
  private static final String URL = "https://auth.example/v1/tokens";
  private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);
  private static final String PUBLIC = KEY.verificationKey().toJwk();

  private final DpopProofs proofs =
      new DpopProofs(CryptoProvider.preferred(), () -> Instant.ofEpochSecond(NOW));

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String sign(SigningKey key, String header, String payload) {
    String input = part(header) + "." + part(payload);
    byte[] made = CryptoProvider.preferred().sign(key, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(made);
  }

  private static String header(String typ, String alg, String jwk) {
    return "{\"typ\":\"" + typ + "\",\"alg\":\"" + alg + "\",\"jwk\":" + jwk + "}";
  }

  private static String payload(String jti, String htm, String htu, long iat, String more) {
    return "{\"jti\":\"%s\",\"htm\":\"%s\",\"htu\":\"%s\",\"iat\":%d%s}"
        .formatted(jti, htm, htu, iat, more);
  }

  private static String proof(String payload) {
    return sign(KEY, header("dpop+jwt", "ES256", PUBLIC), payload);
  }

  private static String good(String jti) {
    return proof(payload(jti, "POST", URL, NOW, ""));
  }

  private DpopProofs.Result check(String token, String... headers) {
    return proofs.check(new DpopProofs.Presented(List.of(headers), "POST", URL), token);
  }

  @Test
  void provesTheThumbprintOfTheKeyOnce() {
    String proof = good("a");

    assertThat(check(null, proof)).isEqualTo(new DpopProofs.Proven(KEY.kid()));
    assertThat(check(null, proof)).isInstanceOf(DpopProofs.Refused.class);
    assertThat(check(null, good("b"))).isInstanceOf(DpopProofs.Proven.class);
  }

  @Test
  void wantsExactlyOneHeader() {
    assertThat(check(null)).isInstanceOf(DpopProofs.Refused.class);
    assertThat(check(null, good("c"), good("d"))).isInstanceOf(DpopProofs.Refused.class);
  }

  @Test
  void wantsTheHashOfTheTokenItComesWith() {
    String ath = ",\"ath\":\"" + DpopProofs.hash("token") + "\"";
    String other = ",\"ath\":\"" + DpopProofs.hash("other") + "\"";

    assertThat(check("token", good("e"))).isInstanceOf(DpopProofs.Refused.class);
    assertThat(check("token", proof(payload("f", "POST", URL, NOW, other))))
        .isInstanceOf(DpopProofs.Refused.class);
    assertThat(check("token", proof(payload("g", "POST", URL, NOW, ath))))
        .isInstanceOf(DpopProofs.Proven.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://AUTH.example:443/v1/tokens",
        "https://auth.example/v1/tokens?x=1#y",
        "https://auth.example/v1/./tokens"
      })
  void takesAnAddressInAnotherSpelling(String htu) {
    assertThat(check(null, proof(payload("h" + htu, "POST", htu, NOW, ""))))
        .isInstanceOf(DpopProofs.Proven.class);
  }

  @Test
  void refusesAnotherMethodAddressOrMoment() {
    List<String> wrong = new ArrayList<>();
    wrong.add(payload("i", "GET", URL, NOW, ""));
    wrong.add(payload("i", "post", URL, NOW, ""));
    wrong.add(payload("i", "POST", "https://evil.example/v1/tokens", NOW, ""));
    wrong.add(payload("i", "POST", "https://u@auth.example/v1/tokens", NOW, ""));
    wrong.add(payload("i", "POST", "http://auth.example/v1/tokens", NOW, ""));
    wrong.add(payload("i", "POST", "not a url", NOW, ""));
    wrong.add(payload("i", "POST", URL, NOW - 61, ""));
    wrong.add(payload("i", "POST", URL, NOW + 31, ""));
    wrong.add(payload("", "POST", URL, NOW, ""));
    wrong.add(payload("x".repeat(257), "POST", URL, NOW, ""));
    wrong.add("{}");
    wrong.add("{\"jti\":1,\"htm\":\"POST\",\"htu\":\"" + URL + "\",\"iat\":\"" + NOW + "\"}");

    assertThat(wrong)
        .allSatisfy(
            text -> assertThat(check(null, proof(text))).isInstanceOf(DpopProofs.Refused.class));
  }

  @Test
  void refusesAProofThatItsKeyDidNotSignOrThatGivesTheKeyAway() {
    String payload = payload("k", "POST", URL, NOW, "");
    SigningKey other = SigningKey.generate(SigningAlgorithm.ES256);
    String signed = good("k");
    List<String> wrong =
        List.of(
            sign(other, header("dpop+jwt", "ES256", PUBLIC), payload),
            sign(KEY, header("JWT", "ES256", PUBLIC), payload),
            sign(KEY, header("dpop+jwt", "none", PUBLIC), payload),
            sign(KEY, header("dpop+jwt", "HS256", PUBLIC), payload),
            sign(KEY, header("dpop+jwt", "EdDSA", PUBLIC), payload),
            sign(KEY, header("dpop+jwt", "ES256", KEY.toPrivateJwk()), payload),
            sign(KEY, header("dpop+jwt", "ES256", "{\"kty\":\"oct\",\"k\":\"AAAA\"}"), payload),
            sign(KEY, header("dpop+jwt", "ES256", "\"x\""), payload),
            sign(KEY, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"}", payload),
            sign(
                KEY,
                "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"crit\":[\"x\"],\"jwk\":" + PUBLIC + "}",
                payload),
            signed.substring(0, signed.lastIndexOf('.') + 1),
            signed + "A",
            "a.b",
            "");

    assertThat(wrong)
        .allSatisfy(text -> assertThat(check(null, text)).isInstanceOf(DpopProofs.Refused.class));
  }

  /** The examples of RFC 9449: §4.1, §7.1, and the thumbprint of §6.1. */
  @Test
  void takesTheExamplesOfTheStandard() {
    String jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    String header =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0"
            + "VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFq"
            + "SG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.";
    String forAToken =
        header
            + "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW"
            + "1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRM"
            + "UvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    String forAResource =
        header
            + "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leG"
            + "FtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0"
            + "RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPTo"
            + "A1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
    DpopProofs then =
        new DpopProofs(CryptoProvider.preferred(), () -> Instant.ofEpochSecond(1_562_262_618));

    assertThat(
            then.check(
                new DpopProofs.Presented(
                    List.of(forAToken), "POST", "https://server.example.com/token"),
                null))
        .isEqualTo(new DpopProofs.Proven(jkt));
    assertThat(
            then.check(
                new DpopProofs.Presented(
                    List.of(forAResource), "GET", "https://resource.example.org/protectedresource"),
                "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"))
        .isEqualTo(new DpopProofs.Proven(jkt));
  }
}
