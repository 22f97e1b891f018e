package dev.relayauth.common.token;

class JwsTokenVerifierTest extends TokenVerifierContract {
  @Override
  TokenVerifier verifier(TokenFixture fixture) {
    return new JwsTokenVerifier(fixture, TokenFixture.CRYPTO, fixture);
  }
}
