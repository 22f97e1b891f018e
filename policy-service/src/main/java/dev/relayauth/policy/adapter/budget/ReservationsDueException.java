package dev.relayauth.policy.adapter.budget;

/** Reservations that have expired hold what is asked for: to be tried again without them. */
final class ReservationsDueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ReservationsDueException() {
    super("reservations that have expired are in the way", null, false, false);
  }

  static void throwIf(boolean due) {
    if (due) {
      throw new ReservationsDueException();
    }
  }
}
