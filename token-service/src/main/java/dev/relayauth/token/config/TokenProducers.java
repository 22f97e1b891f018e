package dev.relayauth.token.config;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.directory.IdentityProjection;
import dev.relayauth.common.directory.RoleProjection;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.common.token.CachingTokenVerifier;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenVerifier;
import dev.relayauth.token.domain.introspection.Introspection;
import dev.relayauth.token.domain.issuing.GrantSource;
import dev.relayauth.token.domain.issuing.Minting;
import dev.relayauth.token.domain.issuing.TokenIssuer;
import dev.relayauth.token.domain.keys.KeyMaker;
import dev.relayauth.token.domain.keys.KeyRing;
import dev.relayauth.token.domain.refreshing.RefreshTokens;
import dev.relayauth.token.domain.refreshing.Refreshing;
import dev.relayauth.token.domain.status.StatusPlaces;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** The domain, wired. */
@Singleton
public final class TokenProducers {
  private final SecureRandom random = new SecureRandom();

  @Produces
  @Singleton
  IdentityProjection identities() {
    return new IdentityProjection();
  }

  @Produces
  @Singleton
  RoleProjection roles() {
    return new RoleProjection();
  }

  @Produces
  @Singleton
  SecretSeal keyEncryption(KeyConfig config) {
    List<byte[]> keys = new ArrayList<>();
    keys.add(decode(current(config)));
    config.previousKeyEncryptionKeys().orElse(List.of()).forEach(key -> keys.add(decode(key)));
    return new SecretSeal(keys, random);
  }

  private static String current(KeyConfig config) {
    if (config.keyEncryptionKeyFile().isPresent()) {
      try {
        return Files.readString(config.keyEncryptionKeyFile().get()).strip();
      } catch (IOException e) {
        throw new IllegalStateException("the file of the key-encryption key can't be read", e);
      }
    }
    return config
        .keyEncryptionKey()
        .orElseThrow(() -> new IllegalStateException("there is no key-encryption key"));
  }

  @Produces
  @Singleton
  KeyMaker keyMaker() {
    return SigningKey::generate;
  }

  @Produces
  @Singleton
  KeyRing keyRing(CryptoProvider crypto, InstantSource clock) {
    return new KeyRing(crypto, clock);
  }

  /** Against our own keys, not what we publish: a key made a moment ago counts at once. */
  @Produces
  @Singleton
  TokenVerifier verifier(KeyRing keys, CryptoProvider crypto, InstantSource clock) {
    return new CachingTokenVerifier(keys, crypto, clock);
  }

  @Produces
  @Singleton
  RefreshTokens refreshTokens(TokenConfig config) {
    return new RefreshTokens(decode(config.refreshKey()), random);
  }

  @Produces
  @Singleton
  Minting minting(RelayAuthConfig config, RevocationProjection revocations, StatusPlaces places) {
    return new Minting(config.issuer(), revocations.set(), places);
  }

  @Produces
  @Singleton
  TokenIssuer issuer(
      Minting minting,
      GrantSource grants,
      RefreshTokens refreshTokens,
      IdSource ids,
      InstantSource clock,
      OutsideConfig config) {
    return new TokenIssuer(
        minting,
        grants,
        refreshTokens,
        ids,
        clock,
        Set.copyOf(config.resources().orElse(List.of())));
  }

  @Produces
  @Singleton
  Refreshing refreshing(
      Minting minting,
      GrantSource grants,
      RevocationProjection revocations,
      RefreshTokens refreshTokens,
      IdSource ids,
      InstantSource clock,
      TokenConfig config) {
    return new Refreshing(
        minting, grants, revocations.set(), refreshTokens, ids, clock, config.refreshGrace());
  }

  @Produces
  @Singleton
  Introspection introspection(
      TokenVerifier verifier, RevocationProjection revocations, RelayAuthConfig config) {
    return new Introspection(verifier, revocations.set(), config.issuer());
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
