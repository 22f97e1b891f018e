package dev.relayauth.policy.domain.decision;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Conditions on numbers, and on what the request's context says. */
final class ValueConditions {
  private static final Pattern SHORT = Pattern.compile("\\d{1,9}[smhd]");
  private static final int MAX_SCALE = 64;

  private ValueConditions() {}

  /** Numbers by any operator but {@code matches}. */
  static Condition.Test numbers(
      Operator operator, List<Object> values, Function<Facts, @Nullable Long> actual) {
    if (operator == Operator.MATCHES) {
      throw new UnreadableConditionException("operator", "a number has no pattern");
    }
    List<BigDecimal> wanted = values.stream().map(ValueConditions::requireNumber).toList();
    return facts -> {
      Long value = actual.apply(facts);
      return value == null ? Finding.UNKNOWN : compare(operator, BigDecimal.valueOf(value), wanted);
    };
  }

  /** Durations as seconds: numbers stay, {@code "15m"} and {@code "PT15M"} are read. */
  static List<Object> seconds(List<Object> values) {
    return values.stream().map(ValueConditions::seconds).toList();
  }

  private static Object seconds(Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    try {
      if (SHORT.matcher(text).matches()) {
        return Duration.parse((upper.endsWith("D") ? "P" : "PT") + upper).toSeconds();
      }
      return Duration.parse(text).toSeconds();
    } catch (DateTimeParseException e) {
      throw new UnreadableConditionException(
          "value", "is seconds, or a duration such as 15m or PT15M");
    }
  }

  /**
   * Attributes: numbers by all but {@code matches}, text and booleans by sameness, text by glob.
   */
  static Condition.Test attribute(String name, Operator operator, List<Object> values) {
    values.forEach(ValueConditions::requireScalar);
    return switch (operator) {
      case MATCHES -> glob(name, new Glob(ConditionReader.text(values.getFirst())));
      case GT, LT -> {
        List<BigDecimal> wanted = values.stream().map(ValueConditions::requireNumber).toList();
        yield facts ->
            facts.context().attributes().get(name) instanceof Number number && isBounded(number)
                ? compare(operator, decimal(number), wanted)
                : Finding.UNKNOWN;
      }
      case EQ, NEQ, IN, NOT_IN ->
          facts -> {
            Object actual = facts.context().attributes().get(name);
            return actual != null && isScalar(actual)
                ? Finding.of(values.stream().anyMatch(value -> isSame(value, actual)))
                : Finding.UNKNOWN;
          };
    };
  }

  private static Condition.Test glob(String name, Glob glob) {
    return facts ->
        facts.context().attributes().get(name) instanceof String text
            ? Finding.of(glob.matches(text))
            : Finding.UNKNOWN;
  }

  private static Finding compare(Operator operator, BigDecimal actual, List<BigDecimal> wanted) {
    return Finding.of(wanted.stream().anyMatch(value -> operator.accepts(actual.compareTo(value))));
  }

  private static boolean isSame(Object wanted, Object actual) {
    return wanted instanceof Number w && actual instanceof Number a
        ? decimal(w).compareTo(decimal(a)) == 0
        : wanted.equals(actual);
  }

  private static boolean isScalar(@Nullable Object value) {
    return value instanceof String
        || value instanceof Boolean
        || (value instanceof Number number && isBounded(number));
  }

  private static void requireScalar(Object value) {
    boolean fits = !(value instanceof String text) || text.length() <= ConditionReader.MAX_TEXT;
    if (!isScalar(value) || !fits) {
      throw new UnreadableConditionException(
          "value", "is text, a number, a boolean, or a list of them");
    }
  }

  private static BigDecimal requireNumber(Object value) {
    if (value instanceof Number number && isBounded(number)) {
      return decimal(number);
    }
    throw new UnreadableConditionException("value", "is a number");
  }

  /** A number of an absurd exponent is one nobody can compare in bounded time. */
  private static boolean isBounded(Number number) {
    if (number instanceof Double || number instanceof Float) {
      return Double.isFinite(number.doubleValue());
    }
    return Math.abs((long) decimal(number).scale()) <= MAX_SCALE;
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }
}
