package dev.relayauth.revocation.adapter.signal;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.revocation.adapter.postgres.SignalQueue.Waiting;
import dev.relayauth.revocation.domain.signal.SignalStream;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has the token service sign events (RFC 8417). Claims that changed are those of this moment. For
 * virtual threads.
 */
@Singleton
public final class SignedEvents {
  private static final String TOKEN = "token";
  private static final String IDENTITY = "identity";
  private static final String EVENTS = "events";

  private final InternalClient client;

  SignedEvents(InternalClient client) {
    this.client = client;
  }

  private record Order(List<Map<String, Object>> events) {}

  private record Signed(List<String> tokens) {}

  private record Chain(List<IdentityState> chain) {}

  /**
   * The tokens, by the {@code jti} of each, in order.
   *
   * @throws ServiceUnavailableException when they can't be signed now
   */
  public Map<String, String> sign(SignalStream stream, List<Waiting> waiting) {
    if (waiting.isEmpty()) {
      return Map.of();
    }
    List<Map<String, Object>> claims = new ArrayList<>();
    waiting.forEach(event -> claims.add(claims(stream, event)));
    InternalClient.Reply reply =
        client.await(client.post(TOKEN, "/internal/v1/security-events", new Order(claims)));
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException(TOKEN + " answered " + reply.status());
    }
    List<String> tokens = Json.read(reply.body(), Signed.class).tokens();
    Map<String, String> signed = new LinkedHashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      signed.put(waiting.get(i).jti(), tokens.get(i));
    }
    return signed;
  }

  private Map<String, Object> claims(SignalStream stream, Waiting event) {
    Map<String, Object> claims = new LinkedHashMap<>(event.claims());
    claims.put("aud", List.of(stream.org()));
    if (event.identity() != null) {
      claims.put(EVENTS, changed(event, scopes(stream.org(), event.identity())));
    }
    return claims;
  }

  /** CAEP 1.0 §3.2: {@code claims} holds the claims that changed, with their new values. */
  private static Map<String, Object> changed(Waiting event, List<String> scopes) {
    Map<String, Object> events = new LinkedHashMap<>();
    if (event.claims().get(EVENTS) instanceof Map<?, ?> known) {
      known.forEach(
          (type, details) -> {
            Map<String, Object> whole = new LinkedHashMap<>();
            ((Map<?, ?>) details).forEach((name, value) -> whole.put(String.valueOf(name), value));
            whole.put("claims", Map.of("scope", String.join(" ", scopes), "scopes", scopes));
            events.put(String.valueOf(type), whole);
          });
    }
    return events;
  }

  /** What the identity may now; nothing when it is gone. */
  private List<String> scopes(String org, String identity) {
    String path = "/internal/v1/identities/" + org + "/" + identity + "/chain";
    return client
        .await(client.get(IDENTITY, path))
        .found(IDENTITY)
        .map(body -> Json.read(body, Chain.class).chain().getLast().scopes())
        .orElse(List.of());
  }
}
