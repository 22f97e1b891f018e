package dev.relayauth.revocation.domain.entry;

/** How taking a revocation back went. */
public sealed interface Withdrawal {
  /**
   * The entry is gone.
   *
   * @param seq the place of its removal
   */
  record Withdrawn(long seq) implements Withdrawal {}

  /** There is no such entry, or it has been taken back. */
  record Unknown() implements Withdrawal {}

  /** It is one that stays. */
  record Refused(String why) implements Withdrawal {}
}
