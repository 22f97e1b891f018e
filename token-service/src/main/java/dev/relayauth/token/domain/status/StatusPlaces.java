package dev.relayauth.token.domain.status;

import dev.relayauth.token.domain.issuing.Outcome;
import java.util.Optional;

/** Places in status lists for tokens that are about to be issued. Answers from memory. */
@FunctionalInterface
public interface StatusPlaces {
  /** No organisation has status lists. */
  StatusPlaces NONE = org -> Outcome.of(Optional.empty());

  /**
   * A place that no other token has or gets; empty when the organisation has no status lists,
   * refused when no place is at hand at this moment.
   */
  Outcome<Optional<StatusPlace>> next(String org);
}
