package dev.relayauth.token.adapter;

import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.credential.Maker;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.json.Json;
import dev.relayauth.testing.Peers;
import dev.relayauth.testing.World;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keys of the identity service, which also makes workspace tokens for the service under test. */
final class Keys {
  private static final String ROUTE = "/internal/v1/api-keys";
  private static final Map<String, ApiKeyState> BY_HASH = new ConcurrentHashMap<>();
  private static final Map<String, Maker> MAKERS = new ConcurrentHashMap<>();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Keys() {}

  /** A key and what is known of it. */
  record Made(String key, ApiKeyState state) {}

  static void serve(World world) {
    world.peers().on(ROUTE, Keys::answer);
  }

  static Made make(
      String org,
      ApiKeyState.Kind kind,
      @Nullable String identity,
      @Nullable String workspace,
      List<String> scopes) {
    return make(org, kind, identity, workspace, scopes, null, List.of());
  }

  private static Made make(
      String org,
      ApiKeyState.Kind kind,
      @Nullable String identity,
      @Nullable String workspace,
      List<String> scopes,
      @Nullable Instant expiresAt,
      List<String> mayAct) {
    World world = World.get();
    String prefix =
        kind == ApiKeyState.Kind.api_key ? ApiKeyFormat.API_KEY : ApiKeyFormat.WORKSPACE_TOKEN;
    String key = ApiKeyFormat.generate(prefix, RANDOM);
    ApiKeyState state =
        new ApiKeyState(
            org,
            world.id(IdPrefix.API_KEY),
            kind,
            ApiKeyFormat.hash(key),
            ApiKeyFormat.visiblePart(prefix, key),
            "test",
            scopes,
            "user_jane",
            identity,
            List.of(),
            workspace,
            Instant.now(),
            expiresAt,
            null,
            world.sequence(),
            0,
            mayAct,
            null);
    publish(state);
    return new Made(key, state);
  }

  /** By what the identity service was told that a key is made. */
  static Maker makerOf(String id) {
    return MAKERS.get(id);
  }

  static void revoke(ApiKeyState s) {
    publish(
        new ApiKeyState(
            s.orgId(),
            s.id(),
            s.kind(),
            s.hash(),
            s.prefix(),
            s.name(),
            s.scopes(),
            s.sponsorId(),
            s.identityId(),
            s.sponsorChain(),
            s.workspaceId(),
            s.createdAt(),
            s.expiresAt(),
            Instant.now(),
            World.get().sequence(),
            s.rev(),
            s.mayAct(),
            s.place()));
  }

  private static void publish(ApiKeyState state) {
    BY_HASH.put(state.hash(), state);
    World.get()
        .publish(
            Topics.IDENTITY,
            EntityKind.API_KEY.key(state.orgId(), state.id()),
            "api_key",
            state.id(),
            state.revision(),
            Json.write(state));
  }

  private record Draft(
      String orgId,
      ApiKeyState.Kind kind,
      String name,
      List<String> scopes,
      String sponsorId,
      @Nullable String identityId,
      String workspaceId,
      @Nullable Instant expiresAt,
      Maker maker) {}

  private static @Nullable Object answer(Peers.Call call) {
    if (call.method().equals("GET")) {
      return BY_HASH.get(call.path().substring(ROUTE.length() + 1));
    }
    Draft draft = Json.read(call.body().getBytes(StandardCharsets.UTF_8), Draft.class);
    Made made =
        make(
            draft.orgId(),
            draft.kind(),
            draft.identityId(),
            draft.workspaceId(),
            draft.scopes(),
            draft.expiresAt(),
            draft.maker().mayAct());
    MAKERS.put(made.state().id(), draft.maker());
    return Map.of("apiKey", made.state(), "key", made.key());
  }
}
