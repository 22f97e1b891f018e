package dev.relayauth.common.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.token.Verification.Valid;
import org.junit.jupiter.api.Test;

class CachingTokenVerifierTest extends TokenVerifierContract {
  private static final long BYTES = 1 << 20;

  @Override
  TokenVerifier verifier(TokenFixture fixture) {
    return new CachingTokenVerifier(fixture, TokenFixture.CRYPTO, fixture, BYTES);
  }

  @Test
  void readsATokenOnceWhileItIsRemembered() {
    String token = TokenFixture.token();
    Expectations data = Expectations.data(TokenFixture.ISSUER);
    Valid first = (Valid) verifier.verify(token, data);
    assertThat(verifier.verify(token, data)).isSameAs(first);
  }

  @Test
  void remembersNoMoreThanItMay() {
    TokenVerifier tiny = new CachingTokenVerifier(fixture, TokenFixture.CRYPTO, fixture, 1);
    String token = TokenFixture.token();
    Expectations data = Expectations.data(TokenFixture.ISSUER);
    Verification first = tiny.verify(token, data);
    assertThat(first).isInstanceOf(Valid.class);
    assertThat(tiny.verify(token, data)).isEqualTo(first).isNotSameAs(first);
  }
}
