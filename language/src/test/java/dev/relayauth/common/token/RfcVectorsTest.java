package dev.relayauth.common.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the standards, with each provider. */
class RfcVectorsTest {
  private static final String P256 =
      """
      {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
  private static final String ED25519 =
      """
      {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";
  private static final String ED25519_PRIVATE =
      """
      {"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",\
      "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";
  private static final String ED25519_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
  private static final String RSA =
      """
      {"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"\
      n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMa\
      JMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6c\
      S6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwd\
      q_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB"}""";

  private static final String RFC_7515_A3 =
      "eyJhbGciOiJFUzI1NiJ9"
          + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
          + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
          + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
          + "pmWQxfKTUJqPP3-Kg6NU1Q";
  private static final String RFC_8037_A4 =
      "eyJhbGciOiJFZERTQSJ9"
          + ".RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
          + ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"
          + "hVsPt9g7sVvpAr_MuM0KAg";
  private static final String RFC_7520_4_1 =
      "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9"
          + ".SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlv"
          + "dXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24n"
          + "dCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91"
          + "IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
          + ".MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZo"
          + "pdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmD"
          + "LJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9e"
          + "Ro4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2"
          + "aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH8"
          + "4ogoree7vjbU5y18kDquDg";

  static Stream<Arguments> vectors() {
    return Stream.of(CryptoProvider.preferred(), CryptoProvider.jdk())
        .flatMap(
            crypto ->
                Stream.of(
                    Arguments.of(crypto, "RFC 7515 A.3", P256, RFC_7515_A3),
                    Arguments.of(crypto, "RFC 8037 A.4", ED25519, RFC_8037_A4),
                    Arguments.of(crypto, "RFC 7520 4.1", RSA, RFC_7520_4_1)));
  }

  private static VerificationKey key(String jwk) {
    return KeySet.parse("{\"keys\":[" + jwk + "]}").keys().get(0);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void verifies(CryptoProvider crypto, String name, String jwk, String compact) throws Exception {
    CompactJws jws = CompactJws.parse(compact);
    VerificationKey key = key(jwk);
    assertThat(jws.header().alg()).isEqualTo(key.algorithm().jwsName());
    assertThat(crypto.verify(key, jws.signingInput(), jws.signature())).isTrue();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void anyFlippedBitOfTheSignatureIsRefused(
      CryptoProvider crypto, String name, String jwk, String compact) throws Exception {
    CompactJws jws = CompactJws.parse(compact);
    VerificationKey key = key(jwk);
    for (int at = 0; at < jws.signature().length; at++) {
      byte[] forged = jws.signature().clone();
      forged[at] ^= (byte) (1 << (at % 8));
      assertThat(crypto.verify(key, jws.signingInput(), forged)).as("byte %d", at).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void truncatedLengthenedAndEmptySignaturesAreRefused(
      CryptoProvider crypto, String name, String jwk, String compact) throws Exception {
    CompactJws jws = CompactJws.parse(compact);
    VerificationKey key = key(jwk);
    int length = jws.signature().length;
    for (int size : new int[] {0, 1, length / 2, length - 1, length + 1, 2 * length}) {
      byte[] forged = Arrays.copyOf(jws.signature(), size);
      assertThat(crypto.verify(key, jws.signingInput(), forged)).as("size %d", size).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void reproducesTheEd25519Signature(CryptoProvider crypto) {
    SigningKey key = SigningKey.fromPrivateJwk(ED25519_PRIVATE);
    byte[] input =
        RFC_8037_A4.substring(0, RFC_8037_A4.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(crypto.sign(key, input)))
        .isEqualTo(RFC_8037_A4.substring(RFC_8037_A4.lastIndexOf('.') + 1));
    assertThat(key.kid()).isEqualTo(ED25519_THUMBPRINT);
  }

  /** FIPS 180-4's example. */
  @ParameterizedTest
  @MethodSource("providers")
  void hashesTheExample(CryptoProvider crypto) {
    byte[] hash = crypto.sha256().digest("abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(hash))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.preferred(), CryptoProvider.jdk());
  }
}
