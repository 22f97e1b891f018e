package dev.relayauth.policy.domain.decision;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Conditions on when the action takes place, in UTC: {@code HH:MM} and instants by {@code eq neq gt
 * lt}, days {@code mon..sun} by {@code eq neq in not_in}.
 */
final class TimeConditions {
  private static final Pattern CLOCK = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");
  private static final Map<String, DayOfWeek> DAYS =
      Map.of(
          "mon", DayOfWeek.MONDAY,
          "tue", DayOfWeek.TUESDAY,
          "wed", DayOfWeek.WEDNESDAY,
          "thu", DayOfWeek.THURSDAY,
          "fri", DayOfWeek.FRIDAY,
          "sat", DayOfWeek.SATURDAY,
          "sun", DayOfWeek.SUNDAY);

  private TimeConditions() {}

  static Condition.Test read(Operator operator, List<Object> values) {
    if (operator == Operator.MATCHES) {
      throw new UnreadableConditionException("operator", "a time has no pattern");
    }
    List<String> texts = values.stream().map(ConditionReader::text).toList();
    if (texts.stream().allMatch(DAYS::containsKey)) {
      return days(operator, texts);
    }
    if (operator.isList()) {
      throw new UnreadableConditionException("value", "is days, mon to sun, for in and not_in");
    }
    String text = texts.getFirst();
    return CLOCK.matcher(text).matches()
        ? clock(operator, LocalTime.parse(text))
        : instant(operator, text);
  }

  private static Condition.Test days(Operator operator, List<String> texts) {
    if (!operator.isSameness()) {
      throw new UnreadableConditionException("operator", "a day is eq, neq, in or not_in");
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    texts.forEach(text -> days.add(DAYS.getOrDefault(text, DayOfWeek.MONDAY)));
    return facts -> Finding.of(days.contains(facts.time().atOffset(ZoneOffset.UTC).getDayOfWeek()));
  }

  /** By the minute: 17:00:59 equals 17:00 and is not greater. */
  private static Condition.Test clock(Operator operator, LocalTime wanted) {
    return facts -> {
      LocalTime actual =
          facts.time().atOffset(ZoneOffset.UTC).toLocalTime().truncatedTo(ChronoUnit.MINUTES);
      return Finding.of(operator.accepts(actual.compareTo(wanted)));
    };
  }

  private static Condition.Test instant(Operator operator, String text) {
    try {
      Instant wanted = OffsetDateTime.parse(text).toInstant();
      return facts -> Finding.of(operator.accepts(facts.time().compareTo(wanted)));
    } catch (DateTimeException e) {
      throw new UnreadableConditionException(
          "value", "is HH:MM, an instant such as 2026-01-31T12:00:00Z, or a day, mon to sun");
    }
  }
}
