package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.revocation.RevocationSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known at the moment of a decision, beside the request itself.
 *
 * @param stale the reason to deny whatever is asked, when a feed is not recent enough
 */
public record Snapshot(Authority authority, RevocationSet revocations, @Nullable Reason stale) {
  Optional<Reason> staleness() {
    return Optional.ofNullable(stale);
  }
}
