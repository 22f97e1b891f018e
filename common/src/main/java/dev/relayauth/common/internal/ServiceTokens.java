package dev.relayauth.common.internal;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.ServiceTokenSigner;
import dev.relayauth.common.token.ServiceTokenVerifier;
import dev.relayauth.common.token.ServiceVerification;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.Verification;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The tokens by which services know each other: 60 s, for one callee, by keys of their own. */
@Singleton
public final class ServiceTokens {
  private static final Duration REUSE = Duration.ofSeconds(20);

  private final ServiceTokenSigner signer;
  private final ServiceTokenVerifier verifier;
  private final InstantSource clock;
  private final Map<String, Minted> minted = new ConcurrentHashMap<>();
  private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();

  private record Minted(String token, Instant until) {}

  private record Accepted(String token, Instant until) {}

  ServiceTokens(RelayAuthConfig config, CryptoProvider crypto, InstantSource clock) {
    String privateKey = read(config.internal().privateKeyFile());
    KeySet trusted = KeySet.parse(read(config.internal().trustedKeysFile()));
    this.signer = new ServiceTokenSigner(SigningKey.fromPrivateJwk(privateKey), crypto, clock);
    this.verifier = new ServiceTokenVerifier(trusted, crypto, config.service(), clock);
    this.clock = clock;
  }

  /** A token for calls to {@code service}. */
  public String forCallee(String service) {
    Instant now = clock.instant();
    return minted.compute(
            service,
            (callee, known) ->
                known != null && now.isBefore(known.until)
                    ? known
                    : new Minted(signer.sign(callee), now.plus(REUSE)))
        .token;
  }

  /** The service that presents {@code token}; empty when it is not one of ours for us. */
  public Optional<String> caller(String token) {
    Instant now = clock.instant();
    for (Map.Entry<String, Accepted> entry : accepted.entrySet()) {
      if (entry.getValue().token.equals(token) && now.isBefore(entry.getValue().until)) {
        return Optional.of(entry.getKey());
      }
    }
    return switch (verifier.verify(token)) {
      case ServiceVerification.Valid valid -> {
        accepted.put(valid.service(), new Accepted(token, now.plus(REUSE)));
        yield Optional.of(valid.service());
      }
      case Verification.Invalid ignored -> Optional.empty();
    };
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
