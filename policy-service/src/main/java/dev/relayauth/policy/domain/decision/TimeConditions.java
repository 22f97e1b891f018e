package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.time.ZonedText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Conditions on when the action takes place: {@code HH:MM} and instants by {@code eq neq gt lt};
 * days {@code mon..sun} and windows {@code HH:MM-HH:MM} by {@code eq neq in not_in}. All but
 * instants are in UTC unless a zone follows, as in {@code 09:00-17:00 Europe/Berlin}. A window ends
 * before its second time, and goes on past midnight when that is the earlier.
 */
final class TimeConditions {
  private TimeConditions() {}

  static Condition.Test read(Operator operator, List<Object> values) {
    if (operator == Operator.MATCHES) {
      throw new UnreadableConditionException("operator", "a time has no pattern");
    }
    List<ZonedText> zoned = values.stream().map(TimeConditions::zoned).toList();
    if (zoned.stream().allMatch(ZonedText::isPeriod)) {
      return periods(operator, zoned);
    }
    if (operator.isList()) {
      throw new UnreadableConditionException(
          "value", "is days, mon to sun, or windows such as 09:00-17:00 for in and not_in");
    }
    ZonedText value = zoned.getFirst();
    return value.isClock()
        ? clock(operator, value)
        : instant(operator, ConditionReader.text(values.getFirst()));
  }

  private static ZonedText zoned(Object value) {
    return ZonedText.parse(ConditionReader.text(value))
        .orElseThrow(
            () ->
                new UnreadableConditionException(
                    "value", "names no time zone such as Europe/Berlin or +02:00"));
  }

  private static Condition.Test periods(Operator operator, List<ZonedText> values) {
    if (!operator.isSameness()) {
      throw new UnreadableConditionException(
          "operator", "a day or window is eq, neq, in or not_in");
    }
    List<Predicate<Instant>> periods = values.stream().map(ZonedText::period).toList();
    return facts -> Finding.of(periods.stream().anyMatch(period -> period.test(facts.time())));
  }

  private static Condition.Test clock(Operator operator, ZonedText value) {
    ToIntFunction<Instant> clock = value.clock();
    return facts -> Finding.of(operator.accepts(clock.applyAsInt(facts.time())));
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
