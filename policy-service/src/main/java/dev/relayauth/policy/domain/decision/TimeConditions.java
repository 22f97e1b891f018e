package dev.relayauth.policy.domain.decision;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Conditions on when the action takes place: {@code HH:MM} and instants by {@code eq neq gt lt};
 * days {@code mon..sun} and windows {@code HH:MM-HH:MM} by {@code eq neq in not_in}. All but
 * instants are in UTC unless a zone follows, as in {@code 09:00-17:00 Europe/Berlin}. A window ends
 * before its second time, and goes on past midnight when that is the earlier.
 */
final class TimeConditions {
  private static final String TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d";
  private static final Pattern CLOCK = Pattern.compile(TIME);
  private static final Pattern WINDOW = Pattern.compile(TIME + "-" + TIME);
  private static final Pattern OFFSET = Pattern.compile("[+-](?:0\\d|1[0-4]):[0-5]\\d");
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

  /** A text and the zone it is meant in. */
  private record Zoned(String text, ZoneId zone) {
    static Zoned of(String written) {
      int space = written.indexOf(' ');
      return space < 0
          ? new Zoned(written, ZoneOffset.UTC)
          : new Zoned(written.substring(0, space), zone(written.substring(space + 1)));
    }

    private static ZoneId zone(String name) {
      if (OFFSET.matcher(name).matches() || ZoneId.getAvailableZoneIds().contains(name)) {
        return ZoneId.of(name);
      }
      throw new UnreadableConditionException(
          "value", "names no time zone such as Europe/Berlin or +02:00");
    }

    ZonedDateTime at(Instant time) {
      return time.atZone(zone);
    }
  }

  static Condition.Test read(Operator operator, List<Object> values) {
    if (operator == Operator.MATCHES) {
      throw new UnreadableConditionException("operator", "a time has no pattern");
    }
    List<Zoned> zoned = values.stream().map(ConditionReader::text).map(Zoned::of).toList();
    if (zoned.stream().allMatch(value -> isPeriod(value.text()))) {
      return periods(operator, zoned);
    }
    if (operator.isList()) {
      throw new UnreadableConditionException(
          "value", "is days, mon to sun, or windows such as 09:00-17:00 for in and not_in");
    }
    Zoned value = zoned.getFirst();
    return CLOCK.matcher(value.text()).matches()
        ? clock(operator, value)
        : instant(operator, ConditionReader.text(values.getFirst()));
  }

  private static boolean isPeriod(String text) {
    return DAYS.containsKey(text) || WINDOW.matcher(text).matches();
  }

  private static Condition.Test periods(Operator operator, List<Zoned> values) {
    if (!operator.isSameness()) {
      throw new UnreadableConditionException(
          "operator", "a day or window is eq, neq, in or not_in");
    }
    List<Predicate<Instant>> periods = values.stream().map(TimeConditions::period).toList();
    return facts -> Finding.of(periods.stream().anyMatch(period -> period.test(facts.time())));
  }

  private static Predicate<Instant> period(Zoned value) {
    DayOfWeek day = DAYS.get(value.text());
    if (day != null) {
      return time -> value.at(time).getDayOfWeek() == day;
    }
    int dash = value.text().indexOf('-');
    LocalTime begin = LocalTime.parse(value.text().substring(0, dash));
    LocalTime end = LocalTime.parse(value.text().substring(dash + 1));
    boolean overnight = !begin.isBefore(end);
    return time -> {
      LocalTime actual = value.at(time).toLocalTime();
      boolean begun = !actual.isBefore(begin);
      boolean ended = !actual.isBefore(end);
      return overnight ? begun || !ended : begun && !ended;
    };
  }

  /** By the minute: 17:00:59 equals 17:00 and is not greater. */
  private static Condition.Test clock(Operator operator, Zoned value) {
    LocalTime wanted = LocalTime.parse(value.text());
    return facts -> {
      LocalTime actual = value.at(facts.time()).toLocalTime().truncatedTo(ChronoUnit.MINUTES);
      return Finding.of(operator.accepts(actual.compareTo(wanted)));
    };
  }

  private static Condition.Test instant(Operator operator, String text) {
    try {
      Instant wanted = OffsetDateTime.parse(text).toInstant();
      return facts -> Finding.of(operator.accepts(facts.time().compareTo(wanted)));
    } catch (DateTimeException e) {
      throw new UnreadableConditionException(
          "value",
          "is HH:MM, a window HH:MM-HH:MM, a day, mon to sun, each with a zone if you like, or an"
              + " instant such as 2026-01-31T12:00:00Z");
    }
  }
}
