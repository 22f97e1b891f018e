package dev.relayauth.common.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  static Stream<SigningKey> keys() {
    return Stream.of(TokenFixture.ED, TokenFixture.EC, TokenFixture.RSA);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aPrivateJwkReadsBackAndSigns(SigningKey key) {
    SigningKey read = SigningKey.fromPrivateJwk(key.toPrivateJwk());
    assertThat(read.kid()).isEqualTo(key.kid());
    byte[] input = {1, 2, 3};
    byte[] signature = TokenFixture.CRYPTO.sign(read, input);
    assertThat(TokenFixture.CRYPTO.verify(key.verificationKey(), input, signature)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void theProvidersVerifyEachOther(SigningKey key) {
    byte[] input = {4, 5};
    CryptoProvider jdk = CryptoProvider.jdk();
    assertThat(jdk.verify(key.verificationKey(), input, TokenFixture.CRYPTO.sign(key, input)))
        .isTrue();
    assertThat(TokenFixture.CRYPTO.verify(key.verificationKey(), input, jdk.sign(key, input)))
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void printsNoSecret(SigningKey key) {
    String secret = key.toPrivateJwk().replaceFirst(".*\"d\":\"", "").substring(0, 20);
    assertThat(key.toString()).contains(key.kid(), "redacted").doesNotContain(secret);
    assertThat(new TokenSigner(key, TokenFixture.CRYPTO).toString()).doesNotContain(secret);
    assertThat(key.verificationKey().toJwk()).doesNotContain(secret, "\"d\"");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aSignerSignsAgainAndAgainForManyAtOnce(SigningKey key) {
    for (CryptoProvider crypto : List.of(CryptoProvider.preferred(), CryptoProvider.jdk())) {
      Signer signer = crypto.signer(key);

      boolean all =
          IntStream.range(0, 200)
              .parallel()
              .allMatch(
                  n -> {
                    byte[] input = ("input " + n).getBytes(StandardCharsets.UTF_8);
                    return CryptoProvider.jdk()
                        .verify(key.verificationKey(), input, signer.sign(input));
                  });

      assertThat(all).as(crypto.name()).isTrue();
    }
  }

  @Test
  void aKeySetReadsBackWithUseAndAlg() {
    KeySet set = KeySet.of(keys().map(SigningKey::verificationKey).toList());
    String json = set.toJson();
    assertThat(KeySet.parse(json)).isEqualTo(set);
    assertThat(KeySet.parse(json).keys()).isEqualTo(set.keys());
    assertThat(json)
        .contains("\"use\":\"sig\"", "\"alg\":\"EdDSA\"", "\"alg\":\"ES256\"", "\"alg\":\"RS256\"")
        .doesNotContain("\"d\"");
  }

  @Test
  void leavesOutKeysItCannotUse() throws Exception {
    KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
    small.initialize(1024);
    List<String> useless =
        List.of(
            "{\"kty\":\"oct\",\"kid\":\"h\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
            "{\"kty\":\"new\",\"kid\":\"n\"}",
            PublicJsonWebKey.Factory.newPublicJwk(small.generateKeyPair().getPublic()).toJson(),
            TokenFixture.ED.verificationKey().toJwk().replace("\"sig\"", "\"enc\""),
            TokenFixture.RSA.verificationKey().toJwk().replace("RS256", "PS256"),
            TokenFixture.EC.verificationKey().toJwk());
    assertThat(KeySet.parse("{\"keys\":[" + String.join(",", useless) + "]}").keys())
        .containsExactly(TokenFixture.EC.verificationKey());
  }

  @ParameterizedTest
  @MethodSource("keysThatWouldCostOrForge")
  void leavesOutKeysThatAreNoPointOfTheCurveOrCostTooMuch(String jwk) {
    assertThat(KeySet.parse("{\"keys\":[" + jwk + "]}").keys()).isEmpty();
  }

  static Stream<String> keysThatWouldCostOrForge() {
    String modulus = unsigned(BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE));
    String huge = unsigned(BigInteger.ONE.shiftLeft(4104).subtract(BigInteger.ONE));
    return Stream.of(
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
        rsa(modulus, "AQ"),
        rsa(modulus, "Ag"),
        rsa(modulus, modulus),
        rsa(huge, "AQAB"));
  }

  private static String rsa(String modulus, String exponent) {
    return "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}".formatted(modulus, exponent);
  }

  private static String unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  /** The eight points of small order (RFC 8032 §5.1), by either sign, and ways to misspell one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0200000000000000000000000000000000000000000000000000000000000000",
        "00",
        "03",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
            + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
      })
  void leavesOutPointsByWhichAnyoneCouldSign(String hex) {
    String x = encoded(HexFormat.of().parseHex(hex));
    String jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}";
    assertThat(KeySet.parse("{\"keys\":[" + jwk + "]}").keys()).isEmpty();
    assertThat(embedded(jwk)).isEmpty();
  }

  @Test
  void readsTheEmbeddedKeyOfAProof() {
    assertThat(embedded(TokenFixture.ED.verificationKey().toJwk()))
        .map(VerificationKey::key)
        .contains(TokenFixture.ED.publicKey());
  }

  private static Optional<VerificationKey> embedded(String jwk) {
    String header = encoded(("{\"alg\":\"EdDSA\",\"jwk\":" + jwk + "}").getBytes(UTF_8));
    return ForeignJwt.parse(
            header + "." + encoded("{}".getBytes(UTF_8)) + "." + encoded(new byte[64]))
        .orElseThrow()
        .embeddedKey();
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void believesNothingByAKeyThatIsNoPoint(CryptoProvider crypto) throws Exception {
    // No x belongs to this y (RFC 8032 §5.1.3).
    String x = Base64.getUrlEncoder().withoutPadding().encodeToString(noPoint());
    Optional<VerificationKey> key =
        KeySet.parse("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}]}")
            .keys()
            .stream()
            .findFirst();

    assertThat(key.map(read -> crypto.verify(read, new byte[8], new byte[64])).orElse(false))
        .isFalse();
  }

  private static byte[] noPoint() {
    byte[] y = new byte[32];
    y[0] = 2;
    return y;
  }

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.preferred(), CryptoProvider.jdk());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "{}", "{\"keys\":1}", "{\"keys\":[1]}"})
  void refusesWhatIsNoKeySet(String json) {
    assertThatThrownBy(() -> KeySet.parse(json)).isInstanceOf(InvalidJwkException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"kty\":\"OKP\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}"
      })
  void refusesWhatIsNoPrivateKey(String json) {
    assertThatThrownBy(() -> SigningKey.fromPrivateJwk(json))
        .isInstanceOf(InvalidJwkException.class);
  }

  @Test
  void refusesTwoKeysOfOneName() {
    VerificationKey one = SigningKey.generate(SigningAlgorithm.EDDSA, "k").verificationKey();
    VerificationKey two = SigningKey.generate(SigningAlgorithm.EDDSA, "k").verificationKey();
    assertThatThrownBy(() -> KeySet.of(List.of(one, two))).isInstanceOf(InvalidJwkException.class);
  }

  @Test
  void refusesAKeyForAnotherAlgorithm() {
    assertThatThrownBy(
            () -> new VerificationKey("k", SigningAlgorithm.RS256, TokenFixture.ED.publicKey()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesToSignATokenNobodyWouldAccept() {
    Claims huge = TokenFixture.claims().jti("x".repeat(17_000)).build();
    TokenSigner signer = new TokenSigner(TokenFixture.ED, TokenFixture.CRYPTO);
    assertThatThrownBy(() -> signer.sign(huge, JwtType.JWT))
        .isInstanceOf(TokenTooLargeException.class);
  }
}
