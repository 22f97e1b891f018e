package dev.relayauth.common.token;

import static dev.relayauth.common.token.TokenFixture.EC;
import static dev.relayauth.common.token.TokenFixture.ED;
import static dev.relayauth.common.token.TokenFixture.ISSUER;
import static dev.relayauth.common.token.TokenFixture.NOW;
import static dev.relayauth.common.token.TokenFixture.RSA;
import static dev.relayauth.common.token.TokenFixture.claims;
import static dev.relayauth.common.token.TokenFixture.encode;
import static dev.relayauth.common.token.TokenFixture.forge;
import static dev.relayauth.common.token.TokenFixture.header;
import static dev.relayauth.common.token.TokenFixture.payload;
import static dev.relayauth.common.token.TokenFixture.signed;
import static dev.relayauth.common.token.TokenFixture.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Reason;
import dev.relayauth.common.token.Verification.Valid;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each verifier promises, attacks first. */
abstract class TokenVerifierContract {
  private static final Expectations EXPECTED = Expectations.bearer(ISSUER, "relayauth");

  final TokenFixture fixture = new TokenFixture();
  final TokenVerifier verifier = verifier(fixture);

  abstract TokenVerifier verifier(TokenFixture fixture);

  private Verification verify(String compact) {
    return verifier.verify(compact, EXPECTED);
  }

  private void refused(Reason reason, String compact) {
    assertThat(verify(compact))
        .isInstanceOfSatisfying(Invalid.class, i -> assertThat(i.reason()).isEqualTo(reason));
  }

  static List<SigningKey> keys() {
    return List.of(ED, EC, RSA);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void believesATokenOfEachAlgorithm(SigningKey key) {
    Claims claims = claims().build();
    assertThat(verify(signed(key, claims)))
        .isInstanceOfSatisfying(
            Valid.class,
            valid -> {
              assertThat(valid.claims()).isEqualTo(claims);
              assertThat(valid.kid()).isEqualTo(key.kid());
              assertThat(valid.scopes().toList()).isEqualTo(claims.scopes());
              assertThat(valid.payload()).isEqualTo(ClaimsJson.write(claims));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/JWT"})
  void acceptsTheTypesOfAccessTokens(String typ) {
    assertThat(verify(forge(ED, header("EdDSA", ED.kid(), typ), payload())))
        .isInstanceOf(Valid.class);
  }

  @ParameterizedTest
  @CsvSource({"relay_ag_, agent, relay_pa_", "relay_pa_, path, relay_ag_"})
  void acceptsTheTokensOfAWorkspaceTokenBehindTheirOwnPrefix(
      String prefix, String tokenClass, String other) {
    String issued = signed(ED, claims().tokenClass(tokenClass).build());
    assertThat(verify(prefix + issued)).isInstanceOf(Valid.class);
    assertThat(verify(issued)).isInstanceOf(Valid.class);
    refused(Reason.TYPE, other + issued);
    refused(Reason.TYPE, prefix + token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"relay_ws_", "relay_ag_relay_ag_", "RELAY_AG_", "Bearer ", " "})
  void refusesOtherPrefixes(String prefix) {
    refused(Reason.MALFORMED, prefix + token());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none", "None", "NONE", "nOnE", "", "HS256", "HS512", "ES384", "RS512", "PS256", "eddsa",
        "EdDSA ", "Ed25519"
      })
  void refusesAlgorithmsOutsideTheList(String alg) {
    refused(Reason.ALGORITHM, forge(ED, header(alg, ED.kid(), "JWT"), payload()));
    refused(Reason.ALGORITHM, encode(header(alg, ED.kid(), "JWT")) + "." + encode(payload()) + ".");
  }

  @Test
  void refusesAnHmacMadeWithThePublicKey() throws Exception {
    String input = encode(header("HS256", RSA.kid(), "JWT")) + "." + encode(payload());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(RSA.publicKey().getEncoded(), "HmacSHA256"));
    byte[] tag = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
    refused(Reason.ALGORITHM, input + "." + encode(tag));
  }

  @Test
  void refusesAnAlgorithmThatIsNotTheKeys() {
    refused(Reason.ALGORITHM, forge(EC, header("ES256", ED.kid(), "JWT"), payload()));
    refused(Reason.ALGORITHM, forge(ED, header("EdDSA", RSA.kid(), "JWT"), payload()));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void refusesStrippedEmptyTruncatedAndForeignSignatures(SigningKey key) {
    String token = signed(key, claims().build());
    String unsigned = token.substring(0, token.lastIndexOf('.'));
    refused(Reason.MALFORMED, unsigned);
    refused(Reason.SIGNATURE, unsigned + ".");
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(unsigned.length() + 1));
    refused(
        Reason.SIGNATURE, unsigned + "." + encode(Arrays.copyOf(signature, signature.length - 1)));
    refused(
        Reason.SIGNATURE, unsigned + "." + encode(Arrays.copyOf(signature, signature.length + 1)));
    refused(Reason.SIGNATURE, unsigned + "." + encode(new byte[signature.length]));
    SigningKey stranger = SigningKey.generate(key.algorithm(), key.kid());
    refused(Reason.SIGNATURE, signed(stranger, claims().build()));
  }

  @Test
  void refusesAChangedPayload() {
    List<String> parts = List.of(token().split("\\.", -1));
    String other =
        ClaimsJson.write(claims().sub("agent_2").sponsorChain(List.of("agent_2")).build());
    refused(Reason.SIGNATURE, parts.get(0) + "." + encode(other) + "." + parts.get(2));
  }

  @Test
  void refusesEcdsaWithZeroOrOutOfRangeNumbers() {
    String token = signed(EC, claims().build());
    String unsigned = token.substring(0, token.lastIndexOf('.'));
    byte[] order = order();
    for (byte[] r : List.of(new byte[32], order)) {
      for (byte[] s : List.of(new byte[32], order)) {
        byte[] signature = new byte[64];
        System.arraycopy(r, 0, signature, 0, 32);
        System.arraycopy(s, 0, signature, 32, 32);
        refused(Reason.SIGNATURE, unsigned + "." + encode(signature));
      }
    }
  }

  @Test
  void refusesTheTwinOfAnEcdsaSignature() throws Exception {
    for (int i = 0; i < 20; i++) {
      String token = signed(EC, claims().jti("tok_" + i).build());
      assertThat(verify(token)).isInstanceOf(Valid.class);
      CompactJws jws = CompactJws.parse(token);
      byte[] s =
          new BigInteger(1, order())
              .subtract(new BigInteger(1, jws.signature(), 32, 32))
              .toByteArray();
      byte[] twin = jws.signature().clone();
      int from = Math.max(0, s.length - 32);
      Arrays.fill(twin, 32, 64, (byte) 0);
      System.arraycopy(s, from, twin, 64 - (s.length - from), s.length - from);
      assertThat(TokenFixture.CRYPTO.verify(EC.verificationKey(), jws.signingInput(), twin))
          .isTrue();
      refused(Reason.SIGNATURE, token.substring(0, token.lastIndexOf('.') + 1) + encode(twin));
    }
  }

  private static byte[] order() {
    return HexFormat.of()
        .parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  }

  @Test
  void refusesAMalleatedEdDsaSignature() throws Exception {
    String token = token();
    CompactJws jws = CompactJws.parse(token);
    BigInteger groupOrder =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    byte[] twin = jws.signature().clone();
    byte[] big = reversed(Arrays.copyOfRange(twin, 32, 64));
    byte[] sum = reversed(new BigInteger(1, big).add(groupOrder).toByteArray());
    System.arraycopy(sum, 0, twin, 32, Math.min(32, sum.length));
    refused(Reason.SIGNATURE, token.substring(0, token.lastIndexOf('.') + 1) + encode(twin));
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "\"jku\":\"https://evil.example/jwks.json\"",
        "\"x5u\":\"https://evil.example/cert\"",
        "\"x5c\":[\"AAAA\"]",
        "\"x5t\":\"AAAA\"",
        "\"crit\":[\"exp\"],\"exp\":1",
        "\"b64\":false",
        "\"cty\":\"JWT\"",
        "\"zip\":\"DEF\"",
        "\"alg\":\"none\"",
        "\"\\u0061lg\":\"none\"",
        "\"kid\":\"other\"",
      })
  void refusesHeaderMembersThatAreNotOurs(String member) {
    String header = header(ED);
    refused(
        Reason.MALFORMED,
        forge(ED, header.substring(0, header.length() - 1) + "," + member + "}", payload()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "../../dev/null",
        "/etc/passwd",
        "' OR '1'='1",
        "a\\u0000b",
        "*",
        "%00",
        "|whoami",
        "http://evil.example/key"
      })
  void refusesKidsThatAreNotOurs(String kid) {
    refused(Reason.UNKNOWN_KEY, forge(ED, header("EdDSA", kid, "JWT"), payload()));
  }

  @Test
  void refusesATokenWithoutKid() {
    refused(Reason.UNKNOWN_KEY, forge(ED, "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", payload()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"svc+jwt", "logout+jwt", "dpop+jwt", "", "JWT ", "text/jwt", "secevent+jwt"})
  void refusesOtherTypes(String typ) {
    refused(Reason.TYPE, forge(ED, header("EdDSA", ED.kid(), typ), payload()));
  }

  @Test
  void refusesATokenWithoutType() {
    refused(Reason.TYPE, forge(ED, "{\"alg\":\"EdDSA\",\"kid\":\"" + ED.kid() + "\"}", payload()));
  }

  @Test
  void refusesAnotherTokenType() {
    refused(Reason.TYPE, signed(ED, claims().tokenType("refresh").build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "https://auth.example/", "HTTPS://AUTH.EXAMPLE"})
  void refusesAnotherIssuer(String iss) {
    refused(Reason.ISSUER, signed(ED, claims().iss(iss).build()));
  }

  @Test
  void refusesAnotherAudienceUnlessTheTokenIsData() {
    String token = signed(ED, claims().aud(List.of("stripe", "relayauth2")).build());
    refused(Reason.AUDIENCE, token);
    assertThat(verifier.verify(token, Expectations.data(ISSUER))).isInstanceOf(Valid.class);
  }

  @ParameterizedTest
  @CsvSource({"-29, true", "-30, false", "-31, false", "1, true"})
  void expiresAfterTheLeeway(long left, boolean valid) {
    String token = signed(ED, claims().iat(NOW - 60).nbf(NOW - 60).exp(NOW + left).build());
    if (valid) {
      assertThat(verify(token)).isInstanceOf(Valid.class);
    } else {
      refused(Reason.EXPIRED, token);
    }
  }

  @ParameterizedTest
  @CsvSource({"30, true", "31, false"})
  void beginsWithTheLeeway(long ahead, boolean valid) {
    for (ClaimsBuilder claims : List.of(claims().nbf(NOW + ahead), claims().iat(NOW + ahead))) {
      String token = signed(ED, claims.build());
      if (valid) {
        assertThat(verify(token)).isInstanceOf(Valid.class);
      } else {
        refused(Reason.NOT_YET_VALID, token);
      }
    }
  }

  @Test
  void checksTimesAgainAtEachUse() {
    String token = token();
    assertThat(verify(token)).isInstanceOf(Valid.class);
    fixture.move(3600 + 30);
    refused(Reason.EXPIRED, token);
    fixture.move(-3600 - 30 - 31);
    refused(Reason.NOT_YET_VALID, token);
  }

  @Test
  void checksExpectationsAgainAtEachUse() {
    String token = token();
    assertThat(verify(token)).isInstanceOf(Valid.class);
    assertThat(verifier.verify(token, Expectations.bearer(ISSUER, "github")))
        .isInstanceOfSatisfying(
            Invalid.class, i -> assertThat(i.reason()).isEqualTo(Reason.AUDIENCE));
    assertThat(verifier.verify(token, Expectations.bearer("https://other", "relayauth")))
        .isInstanceOfSatisfying(
            Invalid.class, i -> assertThat(i.reason()).isEqualTo(Reason.ISSUER));
  }

  @Test
  void refusesATokenWhoseKeyWasRemovedOrReplaced() {
    String token = token();
    assertThat(verify(token)).isInstanceOf(Valid.class);
    fixture.replace(ED, SigningKey.generate(SigningAlgorithm.EDDSA));
    refused(Reason.SIGNATURE, token);
    fixture.forget(ED);
    refused(Reason.UNKNOWN_KEY, token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "client_id",
        "scope",
        "scopes",
        "token_type",
        "org",
        "sid",
        "sponsorId",
        "sponsorChain",
        "rev"
      })
  void refusesATokenThatLacksAClaim(String claim) {
    String without = payload().replaceFirst("\"" + claim + "\":", "\"x-" + claim + "\":");
    refused(Reason.CLAIMS, forge(ED, header(ED), without));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":\"1800003600\"",
        "\"exp\":1800003600.5",
        "\"exp\":1e99",
        "\"exp\":-1",
        "\"exp\":99999999999999999999",
        "\"exp\":null",
        "\"exp\":[1]",
        "\"iat\":true",
        "\"sub\":1",
        "\"sub\":null",
        "\"sub\":\"\"",
        "\"sub\":{}",
        "\"aud\":\"relayauth\"",
        "\"aud\":[1]",
        "\"aud\":[[\"relayauth\"]]",
        "\"scopes\":\"a:b:c\"",
        "\"scopes\":[null]",
        "\"scope\":\"*\"",
        "\"scope\":[\"a:b:c\"]",
        "\"sponsorChain\":[]",
        "\"sponsorChain\":[\"agent_1\",\"user_jane\"]",
        "\"rev\":\"7\"",
        "\"rev\":-1",
        "\"token_type\":[\"access\"]",
        "\"org\":null"
      })
  void refusesWrongTypesAndValues(String member) {
    String claim = member.substring(0, member.indexOf(':') + 1);
    String wrong = payload().replaceFirst(claim, Matcher.quoteReplacement(member + ",\"x\":"));
    assertThat(wrong).isNotEqualTo(payload());
    refused(Reason.CLAIMS, forge(ED, header(ED), wrong));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"act\":\"agent_2\"",
        "\"act\":{}",
        "\"wks\":1",
        "\"lineage\":\"tok_0\"",
        "\"budget\":[]",
        "\"budget\":{\"remaining\":\"1\"}",
        "\"budget\":{\"remaining\":1e999999}",
        "\"meta\":{\"a\":1}",
        "\"cnf\":{\"x5t#S256\":\"a\"}",
        "\"sub\":\"agent_9\"",
        "\"s\\u0075b\":\"agent_9\"",
        "\"x\":{\"y\":1,\"y\":2}",
        "\"x\":NaN",
        "\"x\":01",
        "\"x\":'a'",
        "\"x\":1,",
        "\"x\":/* c */1"
      })
  void refusesWrongOptionalClaimsDuplicatesAndLooseJson(String member) {
    String payload = payload();
    refused(
        Reason.CLAIMS,
        forge(ED, header(ED), payload.substring(0, payload.length() - 1) + "," + member + "}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "\"x\"", "1", "{", "{}{}", "not json"})
  void refusesPayloadsThatAreNoClaims(String payload) {
    refused(Reason.CLAIMS, forge(ED, header(ED), payload));
    refused(Reason.CLAIMS, forge(ED, header(ED), payload() + payload + "x"));
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] bytes = payload().replace("tok_1", "tok_\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    String input = encode(header(ED)) + "." + encode(bytes);
    byte[] signature = TokenFixture.CRYPTO.sign(ED, input.getBytes(StandardCharsets.US_ASCII));
    refused(Reason.CLAIMS, input + "." + encode(signature));
  }

  @Test
  void refusesDeepAndHugeTokens() {
    String payload = payload();
    String open = payload.substring(0, payload.length() - 1);
    refused(
        Reason.CLAIMS,
        forge(ED, header(ED), open + ",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}"));
    refused(
        Reason.CLAIMS,
        forge(ED, header(ED), open + ",\"x\":" + "{\"a\":".repeat(16) + "1" + "}".repeat(17)));
    refused(
        Reason.MALFORMED, forge(ED, header(ED), open + ",\"x\":\"" + "a".repeat(20_000) + "\"}"));
    refused(Reason.MALFORMED, "a".repeat(5_000_000));
    refused(Reason.MALFORMED, ".".repeat(16_000));
  }

  @Test
  void refusesMoreElementsThanAnyTokenHas() {
    String lineage = "\"x\",".repeat(Claims.MAX_LINEAGE) + "\"x\"";
    String payload = payload();
    refused(
        Reason.CLAIMS,
        forge(
            ED,
            header(ED),
            payload.substring(0, payload.length() - 1) + ",\"lineage\":[" + lineage + "]}"));
  }

  @Test
  void refusesOtherSpellingsOfTheSameToken() {
    String token = token();
    refused(Reason.MALFORMED, token + "=");
    refused(Reason.MALFORMED, token + " ");
    refused(Reason.MALFORMED, token + "\n");
    refused(Reason.MALFORMED, " " + token);
    refused(Reason.MALFORMED, token + ".");
    refused(Reason.MALFORMED, token + ".x");
    refused(Reason.MALFORMED, token.replaceFirst("\\.", ". "));
    refused(Reason.MALFORMED, token.replace('.', '\uff0e'));
  }

  @Test
  void refusesStrayBitsInTheLastCharacter() {
    String token = token();
    char last = token.charAt(token.length() - 1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char twin = alphabet.charAt(alphabet.indexOf(last) ^ 1);
    String other = token.substring(0, token.length() - 1) + twin;
    assertThat(Base64.getUrlDecoder().decode(other.substring(other.lastIndexOf('.') + 1)))
        .isEqualTo(Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1)));
    refused(Reason.MALFORMED, other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "...", "rak_abcdef", "a.b.c", "{}", "\ud83d\ude00.\ud83d\ude00.x"})
  void refusesJunkAndOpaqueTokens(String junk) {
    refused(Reason.MALFORMED, junk);
  }

  @Test
  void refusesAServiceToken() {
    SigningKey service = SigningKey.generate(SigningAlgorithm.EDDSA, ED.kid());
    fixture.replace(ED, service);
    refused(
        Reason.TYPE,
        new ServiceTokenSigner(service, TokenFixture.CRYPTO, fixture).sign("relayauth"));
  }
}
