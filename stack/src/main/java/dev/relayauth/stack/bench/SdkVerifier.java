package dev.relayauth.stack.bench;

import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.TokenRefusedException;
import dev.relayauth.sdk.verify.TokenRefusedException.Reason;
import dev.relayauth.sdk.verify.TokenVerifier;
import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's verifier beside the stack: how long after a revoke's answer it refuses the token, with
 * nothing but the feed to tell it, and how many tokens it verifies in a second.
 */
final class SdkVerifier {
  private static final Duration GIVE_UP = Duration.ofSeconds(10);
  private static final int VERIFICATIONS = 200_000;

  private final Api api;
  private final JsonObject credentials;

  SdkVerifier(Api api, JsonObject credentials) {
    this.api = api;
    this.credentials = credentials;
  }

  /** Revokes {@code count} tokens of an identity, one after the other. */
  JsonObject run(String identity, int count) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tokens.add(issue(identity));
    }
    Latencies denials = new Latencies();
    try (TokenVerifier verifier = verifier()) {
      double perSecond = throughput(verifier, tokens);
      for (String token : tokens) {
        api.post("/v1/tokens/revoke", new JsonObject().put("tokenId", Tokens.id(token)))
            .expect(204);
        denials.add(nanosUntilRefused(verifier, token));
      }
      System.out.println(denials.line("sdk verifier"));
      System.out.printf("  %,.0f verifications/s on one thread, tokens seen before%n", perSecond);
      return denials.json().put("scenario", "sdk-verifier").put("perSecond", perSecond);
    }
  }

  private TokenVerifier verifier() {
    return TokenVerifier.builder()
        .issuer(credentials.getString("baseUrl"))
        .organization(credentials.getString("orgId"))
        .audience(List.of("stripe"))
        .revocationsBy(() -> new Secret(credentials.getString("adminApiKey")))
        .build();
  }

  private String issue(String identity) {
    JsonObject body =
        new JsonObject()
            .put("identityId", identity)
            .put("scopes", new JsonArray().add("stripe:orders:read"));
    return api.post("/v1/tokens", body).expect(201).text("accessToken");
  }

  private static double throughput(TokenVerifier verifier, List<String> tokens) {
    long began = System.nanoTime();
    for (int i = 0; i < VERIFICATIONS; i++) {
      verifier.verify(tokens.get(i % tokens.size()));
    }
    return VERIFICATIONS * 1e9 / (System.nanoTime() - began);
  }

  private static long nanosUntilRefused(TokenVerifier verifier, String token) {
    long began = System.nanoTime();
    while (refusal(verifier, token) != Reason.REVOKED) {
      if (System.nanoTime() - began > GIVE_UP.toNanos()) {
        throw new IllegalStateException("the verifier still believes a revoked token");
      }
      LockSupport.parkNanos(200_000);
    }
    return System.nanoTime() - began;
  }

  private static @Nullable Reason refusal(TokenVerifier verifier, String token) {
    try {
      verifier.verify(token);
      return null;
    } catch (TokenRefusedException refused) {
      return refused.reason();
    }
  }
}
