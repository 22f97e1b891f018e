package dev.relayauth.policy.domain.administration;

import org.jspecify.annotations.Nullable;

/** Free text in roles and policies. */
final class Texts {
  private static final int MAX_DESCRIPTION = 1024;

  private Texts() {}

  static void checkDescription(@Nullable String description, Faults faults) {
    if (description == null) {
      return;
    }
    if (description.length() > MAX_DESCRIPTION) {
      faults.note("/description", "may have " + MAX_DESCRIPTION + " characters at most");
    }
    if (description.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
      faults.note("/description", "has control characters");
    }
  }
}
