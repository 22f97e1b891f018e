package dev.relayauth.revocation.domain.entry;

import java.util.Optional;

/** What exists, as the services that own it know at this moment. */
@FunctionalInterface
public interface Targets {
  /** The agent behind a target; empty when the organisation has no such target. May block. */
  Optional<Subject> find(Target target);
}
