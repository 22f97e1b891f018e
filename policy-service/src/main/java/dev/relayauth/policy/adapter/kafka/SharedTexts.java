package dev.relayauth.policy.adapter.kafka;

import com.github.benmanes.caffeine.cache.Interner;
import dev.relayauth.common.event.IdentityState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has identities share what many of them say alike, such as their scopes, roles and sponsors: most
 * of what a large fleet would weigh.
 */
final class SharedTexts {
  private final Interner<String> texts = Interner.newWeakInterner();
  private final Interner<List<String>> lists = Interner.newWeakInterner();
  private final Interner<Map<String, String>> maps = Interner.newWeakInterner();

  /** An equal state that shares what it can. */
  IdentityState share(IdentityState state) {
    List<String> chain = chain(state);
    return new IdentityState(
        texts.intern(state.orgId()),
        state.id(),
        state.name(),
        state.type(),
        state.status(),
        shared(state.workspaceId()),
        texts.intern(state.sponsorId()),
        chain,
        lists.intern(state.scopes()),
        lists.intern(state.roles()),
        state.issuerScoped(),
        maps.intern(state.metadata()),
        state.budget(),
        state.expiresAt(),
        state.suspendedAt(),
        state.suspendReason(),
        state.createdAt(),
        state.updatedAt().equals(state.createdAt()) ? state.createdAt() : state.updatedAt(),
        state.revision());
  }

  /** Those above are shared, and an identity's own id is the one text that it has already. */
  private List<String> chain(IdentityState state) {
    String[] ids = state.sponsorChain().toArray(String[]::new);
    for (int at = 0; at < ids.length; at++) {
      ids[at] = ids[at].equals(state.id()) ? state.id() : texts.intern(ids[at]);
    }
    return List.of(ids);
  }

  private @Nullable String shared(@Nullable String text) {
    return text == null ? null : texts.intern(text);
  }
}
