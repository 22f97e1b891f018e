package dev.relayauth.token.adapter.kafka;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.directory.IdentityProjection;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.token.domain.issuing.Chain;
import dev.relayauth.token.domain.issuing.Remaining;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Identities with their ancestors: from memory, or from the identity service when memory may not be
 * enough.
 *
 * <p>The two feeds come in any order. Narrowing an identity writes a revocation entry that spares
 * what is issued with a later {@code rev}; an issuer that has that entry but not yet the narrower
 * identity would issue too much, and it would live. So after an entry for an identity, memory is
 * believed only once it is known to be at least as new as what the identity service then said.
 */
@Singleton
public final class IdentityChains {
  private static final int MAX_REMEMBERED = 100_000;

  private final IdentityProjection projection;
  private final RevocationProjection revocations;
  private final AgentDefaults defaults;
  private final InternalClient client;
  private final Cache<String, Confirmed> confirmed =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  IdentityChains(
      IdentityProjection projection,
      RevocationProjection revocations,
      AgentDefaults defaults,
      InternalClient client) {
    this.projection = projection;
    this.revocations = revocations;
    this.defaults = defaults;
    this.client = client;
  }

  /** After the entry {@code sequence}, states of {@code revision} and later are new enough. */
  private record Confirmed(long sequence, long revision) {}

  /** The body of identity's answer. */
  record Answer(List<IdentityState> chain) {}

  /** The chain that ends in an identity; empty when its organisation has no such identity. */
  public CompletableFuture<Optional<Chain>> find(String org, String id) {
    Optional<List<IdentityState>> known = projection.chain(org, id);
    if (known.isPresent() && known.get().stream().allMatch(this::isRecent)) {
      return CompletableFuture.completedFuture(known.map(this::chain));
    }
    return ask(org, id);
  }

  private Chain chain(List<IdentityState> identities) {
    return new Chain(
        identities, defaults.of(identities.getFirst()).orElse(null), Remaining.UNKNOWN);
  }

  private boolean isRecent(IdentityState state) {
    Optional<RevocationEntry> entry = entry(state);
    if (entry.isEmpty()) {
      return true;
    }
    Confirmed last = confirmed.getIfPresent(key(state));
    return last != null
        && last.sequence() >= entry.get().seq()
        && state.revision() >= last.revision();
  }

  private CompletableFuture<Optional<Chain>> ask(String org, String id) {
    long applied = revocations.set().appliedSequence();
    return client
        .get("identity", "/internal/v1/identities/" + org + "/" + id + "/chain")
        .thenApply(
            reply ->
                reply
                    .found("identity")
                    .map(body -> remembered(Json.read(body, Answer.class).chain(), applied)));
  }

  private Chain remembered(List<IdentityState> identities, long applied) {
    identities.forEach(state -> remember(state, applied));
    return chain(identities);
  }

  private void remember(IdentityState state, long applied) {
    if (entry(state).isPresent()) {
      confirmed.put(key(state), new Confirmed(applied, state.revision()));
    }
  }

  private Optional<RevocationEntry> entry(IdentityState state) {
    return revocations.set().find(state.orgId(), RevocationKind.IDENTITY, state.id());
  }

  private static String key(IdentityState state) {
    return EntityKind.IDENTITY.key(state.orgId(), state.id());
  }
}
