package dev.relayauth.common.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceTokenTest {
  private static final SigningKey POLICY = SigningKey.generate(SigningAlgorithm.EDDSA, "policy");
  private static final SigningKey AUDIT = SigningKey.generate(SigningAlgorithm.EDDSA, "audit");

  private final TokenFixture clock = new TokenFixture();
  private final KeySet keys = KeySet.of(List.of(POLICY.verificationKey(), AUDIT.verificationKey()));
  private final ServiceTokenVerifier token =
      new ServiceTokenVerifier(keys, TokenFixture.CRYPTO, "token", clock);
  private final ServiceTokenSigner policy =
      new ServiceTokenSigner(POLICY, TokenFixture.CRYPTO, clock);

  private void refused(Reason reason, String compact) {
    assertThat(token.verify(compact))
        .isInstanceOfSatisfying(Invalid.class, i -> assertThat(i.reason()).isEqualTo(reason));
  }

  @Test
  void namesTheCaller() {
    assertThat(token.verify(policy.sign("token")))
        .isEqualTo(new ServiceVerification.Valid("policy"));
  }

  @Test
  void isOnlyForItsCallee() {
    refused(Reason.AUDIENCE, policy.sign("identity"));
  }

  @Test
  void expiresAfterAMinuteAndTheLeeway() {
    String signed = policy.sign("token");
    clock.move(89);
    assertThat(token.verify(signed)).isInstanceOf(ServiceVerification.Valid.class);
    clock.move(1);
    refused(Reason.EXPIRED, signed);
  }

  @Test
  void aUsersTokenIsNeverOne() {
    refused(Reason.TYPE, TokenFixture.token());
    refused(Reason.TYPE, TokenFixture.signed(POLICY, TokenFixture.claims().build()));
    refused(
        Reason.UNKNOWN_KEY,
        TokenFixture.forge(
            TokenFixture.ED,
            TokenFixture.header("EdDSA", TokenFixture.ED.kid(), "svc+jwt"),
            TokenFixture.payload()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CLAIMS   | {'iss':'relayauth-internal','sub':'audit','aud':'token','iat':1800000000,'exp':1800000060}",
        "ISSUER   | {'iss':'https://auth.example','sub':'policy','aud':'token','iat':1800000000,'exp':1800000060}",
        "CLAIMS   | {'iss':'relayauth-internal','sub':'policy','aud':'token','iat':1800000000,'exp':1800000061}",
        "CLAIMS   | {'iss':'relayauth-internal','sub':'policy','aud':'token','exp':1800000060}",
        "CLAIMS   | {'iss':'relayauth-internal','sub':'policy','aud':['token'],'iat':1800000000,'exp':1800000060}",
        "AUDIENCE | {'iss':'relayauth-internal','sub':'policy','iat':1800000000,'exp':1800000060}",
        "CLAIMS   | {'iss':'relayauth-internal','sub':'policy','sub':'policy','aud':'token','iat':1800000000,'exp':1800000060}",
        "NOT_YET_VALID | {'iss':'relayauth-internal','sub':'policy','aud':'token','iat':1800000031,'exp':1800000060}",
      })
  void refusesWrongClaims(Reason reason, String claims) {
    refused(
        reason,
        TokenFixture.forge(
            POLICY, TokenFixture.header("EdDSA", "policy", "svc+jwt"), claims.replace('\'', '"')));
  }

  @Test
  void oneServiceCannotSpeakForAnother() {
    refused(
        Reason.SIGNATURE,
        TokenFixture.forge(
            AUDIT,
            TokenFixture.header("EdDSA", "policy", "svc+jwt"),
            "{\"iss\":\"relayauth-internal\",\"sub\":\"policy\",\"aud\":\"token\","
                + "\"iat\":1800000000,\"exp\":1800000060}"));
  }
}
