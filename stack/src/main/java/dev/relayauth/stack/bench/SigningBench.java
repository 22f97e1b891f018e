package dev.relayauth.stack.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenSigner;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How fast tokens are signed, beside a bare loop of the provider over the same bytes; both on one
 * thread, in turns, so that a change of the machine's pace hits both. Prints a JSON object an
 * algorithm. Runs with the libraries of the token service.
 */
public final class SigningBench {
  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 7;
  private static final long ROUND_NANOS = 400_000_000L;

  private SigningBench() {}

  /** Measures each algorithm. */
  public static void main(String[] arguments) throws GeneralSecurityException {
    for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
      System.out.println(measure(algorithm).encode());
    }
  }

  /** One signature, of {@code n} for the n-th. */
  @FunctionalInterface
  private interface Work {
    byte[] sign(int n) throws GeneralSecurityException;
  }

  private static JsonObject measure(SigningAlgorithm algorithm) throws GeneralSecurityException {
    SigningKey key = SigningKey.generate(algorithm);
    TokenSigner signer = new TokenSigner(key, CryptoProvider.preferred());
    String token = signer.sign(claims(0), JwtType.JWT);
    byte[] input = token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    Signature raw = signature(algorithm);
    raw.initSign(key.privateKey());
    Work bare =
        n -> {
          input[input.length - 1] = (byte) ('A' + n % 26);
          raw.update(input);
          return raw.sign();
        };
    List<Claims> claims = IntStream.range(0, 1_024).mapToObj(SigningBench::claims).toList();
    Work ours =
        n -> signer.sign(claims.get(n % 1_024), JwtType.JWT).getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      perSecond(bare);
      perSecond(ours);
    }
    double[] barePerSecond = new double[ROUNDS];
    double[] oursPerSecond = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      barePerSecond[round] = perSecond(bare);
      oursPerSecond[round] = perSecond(ours);
    }
    return new JsonObject()
        .put("scenario", "signing " + algorithm.jwsName())
        .put("provider", CryptoProvider.preferred().name())
        .put("perSecond", median(oursPerSecond))
        .put("barePerSecond", median(barePerSecond))
        .put("shareOfBare", median(oursPerSecond) / median(barePerSecond));
  }

  private static Signature signature(SigningAlgorithm algorithm) throws GeneralSecurityException {
    Provider provider = provider();
    String name =
        switch (algorithm) {
          case EDDSA -> "Ed25519";
          case ES256 -> "SHA256withECDSAinP1363Format";
          case RS256 -> "SHA256withRSA";
        };
    return provider == null ? Signature.getInstance(name) : Signature.getInstance(name, provider);
  }

  /** The one that the service signs with. */
  private static @Nullable Provider provider() {
    return CryptoProvider.preferred().name().equals("JDK")
        ? null
        : AmazonCorrettoCryptoProvider.INSTANCE;
  }

  /** As the bench's own tokens say. */
  private static Claims claims(int n) {
    return Claims.builder()
        .iss("http://127.0.0.1:8080")
        .sub("agent_2hYk0tTq3nVb8s1Zk4Lw9x")
        .aud(List.of("stripe"))
        .exp(1_800_003_600L + n)
        .iat(1_800_000_000L + n)
        .nbf(1_800_000_000L + n)
        .jti("tok_2hYk0tTq3nVb8s1Zk4Lw9x")
        .clientId("agent_2hYk0tTq3nVb8s1Zk4Lw9x")
        .scopes(List.of("stripe:orders:read"))
        .org("org_acme")
        .wks("ws_prod")
        .sid("sess_2hYk0tTq3nVb8s1Zk4Lw9x")
        .tokenType(Claims.ACCESS)
        .sponsorId("user_jane")
        .sponsorChain(List.of("user_jane", "agent_2hYk0tTq3nVb8s1Zk4Lw9x"))
        .lineage(List.of("ak_2hYk0tTq3nVb8s1Zk4Lw9x"))
        .rev(1L << 40)
        .build();
  }

  private static double perSecond(Work work) throws GeneralSecurityException {
    long began = System.nanoTime();
    long elapsed = 0;
    int count = 0;
    int sink = 0;
    while (elapsed < ROUND_NANOS) {
      for (int i = 0; i < 16; i++) {
        sink ^= work.sign(count++)[0];
      }
      elapsed = System.nanoTime() - began;
    }
    if (sink == Integer.MIN_VALUE) {
      throw new IllegalStateException("not reached: keeps the loop from being left out");
    }
    return count * 1e9 / elapsed;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
