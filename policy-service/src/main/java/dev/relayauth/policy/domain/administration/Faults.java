package dev.relayauth.policy.domain.administration;

/** Takes note of what is wrong with a body. */
@FunctionalInterface
public interface Faults {
  /** The JSON pointer of a member, and what is wrong with it. */
  void note(String pointer, String detail);
}
