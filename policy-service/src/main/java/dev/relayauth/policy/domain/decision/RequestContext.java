package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.net.IpBlock;
import dev.relayauth.policy.domain.budget.Amounts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the caller says about the action: {@code ip}, {@code time}, and any attribute. A value that
 * is not there is unknown, not empty.
 *
 * @param ip where the action comes from
 * @param time when the action takes place; null means now
 */
public record RequestContext(
    Map<String, Object> attributes, IpBlock.@Nullable Address ip, @Nullable Instant time) {
  /** Nothing is known. */
  public static final RequestContext EMPTY = new RequestContext(Map.of(), null, null);

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  /** The most attributes. */
  public static final int MAX_ATTRIBUTES = 64;

  /** Copies the attributes. */
  public RequestContext {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Reads the context of a request; tells {@code errors} the pointer and fault of what is wrong.
   */
  public static RequestContext read(
      @Nullable Map<String, @Nullable Object> sent, BiConsumer<String, String> errors) {
    if (sent == null || sent.isEmpty()) {
      return EMPTY;
    }
    if (sent.size() > MAX_ATTRIBUTES) {
      errors.accept("", "may have " + MAX_ATTRIBUTES + " members at most");
    }
    Map<String, Object> known = new HashMap<>();
    sent.forEach(
        (name, value) -> {
          if (value != null) {
            known.put(name, value);
          }
        });
    checkCost(known, errors);
    return new RequestContext(known, ip(known, errors), time(known, errors));
  }

  private static void checkCost(Map<String, Object> known, BiConsumer<String, String> errors) {
    Object currency = known.get("currency");
    boolean isCode = currency instanceof String code && CURRENCY.matcher(code).matches();
    if (currency != null && !isCode) {
      errors.accept("/currency", "is not an ISO 4217 code such as USD");
    }
    Object cost = known.get("cost");
    // The minor units of a cost without a currency are the budget's, which isn't known here.
    String unit = isCode ? String.valueOf(currency) : null;
    if (cost != null && Amounts.positive(cost, unit).isEmpty()) {
      errors.accept(
          "/cost",
          "is not a number above 0 and at most 1e12, in whole minor units of "
              + (unit == null ? "the currency" : unit));
    }
  }

  private static IpBlock.@Nullable Address ip(
      Map<String, Object> known, BiConsumer<String, String> errors) {
    Object value = known.get("ip");
    if (value == null) {
      return null;
    }
    Optional<IpBlock.Address> address =
        value instanceof String text ? IpBlock.Address.parse(text) : Optional.empty();
    if (address.isEmpty()) {
      errors.accept("/ip", "is not an IP address");
    }
    return address.orElse(null);
  }

  private static @Nullable Instant time(
      Map<String, Object> known, BiConsumer<String, String> errors) {
    Object value = known.get("time");
    if (value == null) {
      return null;
    }
    try {
      if (value instanceof String text) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException e) {
      // Falls through: it is no instant.
    }
    errors.accept("/time", "is not an instant such as 2026-01-31T12:00:00Z");
    return null;
  }
}
