package dev.relayauth.common.token;

/** The same promises where Corretto's library doesn't load. */
class JdkTokenVerifierTest extends TokenVerifierContract {
  @Override
  TokenVerifier verifier(TokenFixture fixture) {
    return new JwsTokenVerifier(fixture, CryptoProvider.jdk(), fixture);
  }
}
