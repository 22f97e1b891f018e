package dev.relayauth.policy.adapter.budget;

import java.util.Collection;
import java.util.List;

/** The names of an owner's counters of money by the day and by the month. */
final class Months {
  private static final String DAY = "/cost-day";
  private static final String MONTH = "/cost-month";

  private Months() {}

  static boolean isDay(String key) {
    return key.endsWith(DAY);
  }

  static boolean isMonth(String key) {
    return key.endsWith(MONTH);
  }

  /** The counters by the month of the owners of those by the day. */
  static List<String> ofDays(Collection<String> keys) {
    return keys.stream().filter(Months::isDay).map(Months::month).toList();
  }

  /** The counter by the day of the owner of one by the month. */
  static String day(String month) {
    return month.substring(0, month.length() - MONTH.length()) + DAY;
  }

  /** The counter by the month of the owner of one by the day. */
  static String month(String day) {
    return day.substring(0, day.length() - DAY.length()) + MONTH;
  }
}
