package dev.relayauth.policy.adapter.authzen;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When the answers to many questions end (Authorization API 1.0 §7.1.2.1). */
enum Semantic {
  EXECUTE_ALL,
  DENY_ON_FIRST_DENY,
  PERMIT_ON_FIRST_PERMIT;

  /** The one of that name; the first when none is named. */
  static Optional<Semantic> of(@Nullable String name) {
    return name == null
        ? Optional.of(EXECUTE_ALL)
        : Arrays.stream(values()).filter(known -> known.wireName().equals(name)).findFirst();
  }

  /** Whether no question after this answer is asked. */
  boolean endsWith(boolean permitted) {
    return switch (this) {
      case EXECUTE_ALL -> false;
      case DENY_ON_FIRST_DENY -> !permitted;
      case PERMIT_ON_FIRST_PERMIT -> permitted;
    };
  }

  private String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
