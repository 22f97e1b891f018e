package dev.relayauth.audit.domain.removal;

import java.time.LocalDate;

/** How long organisations keep their records. */
@FunctionalInterface
public interface RetentionRule {
  /** The shortest time anyone may keep records. */
  int MIN_DAYS = 1;

  /** The longest time anyone may keep records. */
  int MAX_DAYS = 3_650;

  /** How many days an organisation keeps records, {@link #MIN_DAYS} to {@link #MAX_DAYS}. */
  int days(String org);

  /** Whether everything of {@code day} is too old for an organisation on {@code today}. */
  default boolean isOver(String org, LocalDate day, LocalDate today) {
    return day.plusDays(days(org)).isBefore(today);
  }
}
