package dev.relayauth.token.domain;

import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.id.RandomIdSource;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.domain.issuing.Minting;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import dev.relayauth.token.domain.refreshing.RefreshTokens;
import dev.relayauth.token.domain.refreshing.Refreshing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The domain, wired, with a clock that the test moves. */
final class Bench {
  Instant now = Agents.NOW;
  final RevocationSet revocations = new RevocationSet();
  final InstantSource clock = () -> now;
  final IdSource ids = new RandomIdSource();
  final TokenSigner signer =
      new TokenSigner(SigningKey.generate(SigningAlgorithm.EDDSA), CryptoProvider.preferred());
  final RefreshTokens refreshTokens = new RefreshTokens(new byte[32], new SecureRandom());
  final Minting minting = new Minting("https://auth.example.test", revocations);
  final TokenIssuer issuer = new TokenIssuer(minting, refreshTokens, ids, clock);
  final Refreshing refreshing =
      new Refreshing(minting, revocations, refreshTokens, ids, clock, Duration.ofSeconds(10));
}
