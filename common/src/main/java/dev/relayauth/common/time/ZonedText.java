package dev.relayauth.common.time;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * A time of day, a day or a window as people write it, and the zone it is meant in: UTC unless one
 * follows, as in {@code 09:00-17:00 Europe/Berlin}.
 */
public record ZonedText(String text, ZoneId zone) {
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

  /** Reads it; empty when what follows the space names no zone. */
  public static Optional<ZonedText> parse(String written) {
    int space = written.indexOf(' ');
    return space < 0
        ? Optional.of(new ZonedText(written, ZoneOffset.UTC))
        : zone(written.substring(space + 1))
            .map(zone -> new ZonedText(written.substring(0, space), zone));
  }

  private static Optional<ZoneId> zone(String name) {
    return OFFSET.matcher(name).matches() || ZoneId.getAvailableZoneIds().contains(name)
        ? Optional.of(ZoneId.of(name))
        : Optional.empty();
  }

  /** Whether it is a day or a window. */
  public boolean isPeriod() {
    return DAYS.containsKey(text) || WINDOW.matcher(text).matches();
  }

  /** Whether it is a time of day. */
  public boolean isClock() {
    return CLOCK.matcher(text).matches();
  }

  /**
   * The moments of the day or window. A window ends before its second time, and goes on past
   * midnight when that is the earlier.
   *
   * @throws IllegalStateException when it is neither
   */
  public Predicate<Instant> period() {
    if (!isPeriod()) {
      throw new IllegalStateException("neither a day nor a window");
    }
    DayOfWeek day = DAYS.get(text);
    if (day != null) {
      return time -> time.atZone(zone).getDayOfWeek() == day;
    }
    int dash = text.indexOf('-');
    LocalTime begin = LocalTime.parse(text.substring(0, dash));
    LocalTime end = LocalTime.parse(text.substring(dash + 1));
    boolean overnight = !begin.isBefore(end);
    return time -> {
      LocalTime actual = time.atZone(zone).toLocalTime();
      boolean begun = !actual.isBefore(begin);
      boolean ended = !actual.isBefore(end);
      return overnight ? begun || !ended : begun && !ended;
    };
  }

  /**
   * How a moment's time of day, by the minute, compares with this one: 17:00:59 equals 17:00.
   *
   * @throws IllegalStateException when it is none
   */
  public ToIntFunction<Instant> clock() {
    if (!isClock()) {
      throw new IllegalStateException("no time of day");
    }
    LocalTime wanted = LocalTime.parse(text);
    return moment ->
        moment.atZone(zone).toLocalTime().truncatedTo(ChronoUnit.MINUTES).compareTo(wanted);
  }
}
