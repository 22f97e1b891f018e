package dev.relayauth.token.domain;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.id.RandomIdSource;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.domain.issuing.DenyRule;
import dev.relayauth.token.domain.issuing.GrantSource;
import dev.relayauth.token.domain.issuing.Minting;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import dev.relayauth.token.domain.refreshing.RefreshTokens;
import dev.relayauth.token.domain.refreshing.Refreshing;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  final Map<String, List<String>> roles = new HashMap<>();
  final List<DenyRule> denials = new ArrayList<>();
  final GrantSource grants =
      new GrantSource() {
        @Override
        public List<String> roleScopes(IdentityState identity, String role) {
          return roles.getOrDefault(role, List.of());
        }

        @Override
        public List<DenyRule> denials(String org) {
          return denials;
        }
      };
  final TokenIssuer issuer =
      new TokenIssuer(
          minting,
          grants,
          refreshTokens,
          ids,
          clock,
          java.util.Set.of("https://mcp.example.test/x"));
  final Refreshing refreshing =
      new Refreshing(
          minting, grants, revocations, refreshTokens, ids, clock, Duration.ofSeconds(10));
}
