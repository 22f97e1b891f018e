package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.net.IpBlock;
import dev.relayauth.common.time.ZonedText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A condition of a policy that denies, as far as it can be decided when a token is issued: when,
 * from where, and for whom. What depends on a later request, such as an attribute, it leaves open.
 */
public record DenyCondition(String type, String operator, List<Object> values) {
  /** Copies the values. */
  public DenyCondition {
    values = List.copyOf(values);
  }

  /** Whether it surely holds; false when it doesn't, or can't be known yet. */
  boolean surelyHolds(Circumstances now) {
    return positive(now).filter(met -> met != isNegative()).isPresent();
  }

  private boolean isNegative() {
    return operator.equals("neq") || operator.equals("not_in");
  }

  /** What the operator's positive twin finds; empty when that can't be known. */
  private Optional<Boolean> positive(Circumstances now) {
    IdentityState identity = now.identity();
    List<String> chain = identity.sponsorChain();
    return switch (type) {
      case "time" -> time(now.time());
      case "ip" -> now.ip().flatMap(IpBlock.Address::parse).map(this::isFrom);
      case "identity" ->
          Optional.of(names(isNegative() ? List.of(identity.id()) : now.identities()));
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

  private Optional<Boolean> time(Instant now) {
    List<ZonedText> texts =
        values.stream().flatMap(value -> ZonedText.parse(value.toString()).stream()).toList();
    if (texts.size() < values.size() || texts.isEmpty()) {
      return Optional.empty();
    }
    if (texts.stream().allMatch(ZonedText::isPeriod)) {
      return Optional.of(texts.stream().anyMatch(text -> text.period().test(now)));
    }
    ZonedText text = texts.getFirst();
    if (text.isClock()) {
      return Optional.of(accepts(text.clock().applyAsInt(now)));
    }
    try {
      return Optional.of(accepts(now.compareTo(OffsetDateTime.parse(text.text()).toInstant())));
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
