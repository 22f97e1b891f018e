package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.credential.Acting;
import dev.relayauth.common.credential.Maker;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.identity.adapter.postgres.Escalation.EscalationException;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whoever ends makes nothing that doesn't. A key that is made by a key ends with that one, also
 * when a token of that one stands between; one that is made by a bearer under agents ends with the
 * bearer; and none outlives the identities that make it. People and services with no agent above
 * them, by their tokens, make keys that outlive the tokens.
 */
@Singleton
final class KeyEnds {
  private final ApiKeyStore keys;
  private final IdentityStore identities;

  KeyEnds(ApiKeyStore keys, IdentityStore identities) {
    this.keys = keys;
    this.identities = identities;
  }

  /** When what the maker makes has to end, at the latest; empty when it doesn't. */
  Optional<Instant> latest(Transaction tx, String org, Maker maker, Acting acting)
      throws SQLException {
    List<Instant> ends = new ArrayList<>();
    if (maker.isKey() || acting.isUnderAgents()) {
      add(ends, maker.endsAt());
    }
    for (Acting.Identity identity : acting.identities()) {
      List<String> chain = identity.sponsorChain();
      for (IdentityState each : identities.chain(tx, org, chain.subList(1, chain.size()))) {
        add(ends, each.expiresAt());
      }
    }
    for (String ancestor : maker.lineage()) {
      if (ancestor.startsWith(IdPrefix.API_KEY.text())) {
        keys.find(tx, org, ancestor).ifPresent(key -> add(ends, key.state().expiresAt()));
      }
    }
    return ends.stream().min(Comparator.naturalOrder());
  }

  /** The end of a key that asks for {@code asked}; refuses a later one than the latest. */
  static @Nullable Instant within(@Nullable Instant asked, Optional<Instant> latest) {
    if (asked != null && latest.isPresent() && asked.isAfter(latest.get())) {
      throw EscalationException.outOfReach(
          "/expiresAt is later than the end of who makes the key: "
              + latest.get()
              + " at the latest");
    }
    return asked == null ? latest.orElse(null) : asked;
  }

  /** The earlier of an end and the latest. */
  static @Nullable Instant earlier(@Nullable Instant end, Optional<Instant> latest) {
    if (latest.isEmpty()) {
      return end;
    }
    return end == null || end.isAfter(latest.get()) ? latest.get() : end;
  }

  private static void add(List<Instant> ends, @Nullable Instant end) {
    if (end != null) {
      ends.add(end);
    }
  }
}
