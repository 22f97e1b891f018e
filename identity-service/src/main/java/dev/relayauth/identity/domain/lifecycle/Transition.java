package dev.relayauth.identity.domain.lifecycle;

import dev.relayauth.common.event.IdentityState.Status;

/** A change of an identity's status. */
public enum Transition {
  SUSPEND("suspended", Status.suspended),
  REACTIVATE("reactivated", Status.active),
  RETIRE("retired", Status.retired),
  DELETE("deleted", Status.deleted);

  private final String pastTense;
  private final Status target;

  Transition(String pastTense, Status target) {
    this.pastTense = pastTense;
    this.target = target;
  }

  /** The past tense, as in {@code identity.suspended}. */
  public String pastTense() {
    return pastTense;
  }

  /** The status it leads to. */
  public Status target() {
    return target;
  }

  /** Whether it is legal from that status: active ⇄ suspended, any → retired, any → deleted. */
  public boolean isLegalFrom(Status status) {
    return switch (this) {
      case SUSPEND -> status == Status.active;
      case REACTIVATE -> status == Status.suspended;
      case RETIRE -> status == Status.active || status == Status.suspended;
      case DELETE -> status != Status.deleted;
    };
  }
}
