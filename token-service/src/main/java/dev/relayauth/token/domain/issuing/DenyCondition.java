package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.net.IpBlock;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A condition of a policy that denies, as far as it can be decided when a token is issued: when,
 * from where, and for whom. What depends on a later request, such as an attribute, it leaves open.
 */
public record DenyCondition(String type, String operator, List<Object> values) {
  private static final Pattern CLOCK = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  /** Copies the values. */
  public DenyCondition {
    values = List.copyOf(values);
  }

  /** Whether it surely holds; false when it doesn't, or can't be known yet. */
  boolean surelyHolds(Circumstances now) {
    boolean negative = operator.equals("neq") || operator.equals("not_in");
    return positive(now).filter(met -> met != negative).isPresent();
  }

  /** What the operator's positive twin finds; empty when that can't be known. */
  private Optional<Boolean> positive(Circumstances now) {
    IdentityState identity = now.identity();
    List<String> chain = identity.sponsorChain();
    return switch (type) {
      case "time" -> time(now.time());
      case "ip" -> now.ip().flatMap(IpBlock.Address::parse).map(this::isFrom);
      case "identity" -> Optional.of(names(List.of(identity.id())));
      case "workspace" ->
          Optional.of(names(Optional.ofNullable(identity.workspaceId()).stream().toList()));
      case "sponsor" -> Optional.of(names(chain.subList(0, chain.size() - 1)));
      case "depth" -> number(chain.size() - 1L);
      default -> Optional.empty();
    };
  }

  private boolean names(List<String> ids) {
    return operator.equals("matches")
        ? values.stream().anyMatch(glob -> ids.stream().anyMatch(id -> isLike(glob, id)))
        : values.stream().anyMatch(ids::contains);
  }

  /** {@code *} is any run of characters, {@code ?} is one; pattern × text steps at most. */
  private static boolean isLike(Object glob, String text) {
    String pattern = glob.toString();
    boolean[] reached = new boolean[text.length() + 1];
    reached[0] = true;
    for (char letter : pattern.toCharArray()) {
      boolean[] next = new boolean[text.length() + 1];
      for (int at = 0; at <= text.length(); at++) {
        if (letter == '*') {
          next[at] = reached[at] || (at > 0 && next[at - 1]);
        } else {
          next[at] = at > 0 && reached[at - 1] && (letter == '?' || letter == text.charAt(at - 1));
        }
      }
      reached = next;
    }
    return reached[text.length()];
  }

  private boolean isFrom(IpBlock.Address address) {
    return values.stream()
        .flatMap(value -> IpBlock.parse(value.toString()).stream())
        .anyMatch(block -> block.contains(address));
  }

  private Optional<Boolean> number(long actual) {
    try {
      return Optional.of(
          values.stream()
              .map(value -> new BigDecimal(value.toString()))
              .anyMatch(wanted -> accepts(BigDecimal.valueOf(actual).compareTo(wanted))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** In UTC; a time of day by the minute. */
  private Optional<Boolean> time(Instant now) {
    List<String> texts = values.stream().map(Object::toString).toList();
    if (DAYS.containsAll(texts)) {
      String today =
          now.atOffset(ZoneOffset.UTC)
              .getDayOfWeek()
              .name()
              .substring(0, 3)
              .toLowerCase(Locale.ROOT);
      return Optional.of(texts.contains(today));
    }
    String text = texts.getFirst();
    if (CLOCK.matcher(text).matches()) {
      LocalTime actual = now.atOffset(ZoneOffset.UTC).toLocalTime().truncatedTo(ChronoUnit.MINUTES);
      return Optional.of(accepts(actual.compareTo(LocalTime.parse(text))));
    }
    try {
      return Optional.of(accepts(now.compareTo(OffsetDateTime.parse(text).toInstant())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private boolean accepts(int comparison) {
    return switch (operator) {
      case "gt" -> comparison > 0;
      case "lt" -> comparison < 0;
      default -> comparison == 0;
    };
  }
}
