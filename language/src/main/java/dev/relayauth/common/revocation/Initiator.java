package dev.relayauth.common.revocation;

import org.jspecify.annotations.Nullable;

/** Who brought a revocation about, as receivers of signals are told (CAEP 1.0 §2). */
public enum Initiator {
  /** Somebody who administers, by a request. */
  admin,
  /** The agent or human who loses access, by a request of theirs. */
  user,
  /** A rule that was evaluated, such as a budget that has run out. */
  policy,
  /** The deployment, by what it saw: an end that came, a refresh token that came twice. */
  system;

  /**
   * Whose request it is.
   *
   * @param subject who loses access, where that is somebody
   */
  public static Initiator of(String actorId, @Nullable String subject) {
    return actorId.equals(subject) ? user : admin;
  }
}
