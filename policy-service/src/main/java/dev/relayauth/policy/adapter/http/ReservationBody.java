package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.json.Lifetime;
import dev.relayauth.policy.domain.budget.Amounts;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Money to set aside, to spend or to give back.
 *
 * @param ttl how long a reservation stays open
 */
record ReservationBody(
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @JsonAlias({"ttlSeconds", "expiresIn"}) @Nullable Lifetime ttl,
    @JsonAlias("idempotency_key") @Nullable String idempotencyKey,
    @Nullable String reason) {
  static final Duration DEFAULT_TTL = Duration.ofMinutes(15);
  private static final Duration MAX_TTL = Duration.ofDays(1);
  private static final int MAX_TEXT = 200;

  /** The same under the key of a header, unless it has one itself. */
  ReservationBody keyed(@Nullable String key) {
    return idempotencyKey != null || key == null
        ? this
        : new ReservationBody(amount, currency, ttl, key, reason);
  }

  /** Refuses what is not an amount above zero, a currency, a lifetime and a key. */
  ReservationBody checked() {
    boolean positive = amount != null && Amounts.positive(amount, currency).isPresent();
    boolean lasts =
        ttl == null
            || (ttl.duration().compareTo(Duration.ofSeconds(1)) >= 0
                && ttl.duration().compareTo(MAX_TTL) <= 0);
    new Violations()
        .check(amount != null, "/amount", "is required")
        .check(
            amount == null || positive,
            "/amount",
            "must be more than 0 and at most 1e12, in whole minor units of the currency")
        .check(
            currency == null || currency.matches("[A-Z]{3}"),
            "/currency",
            "is not an ISO 4217 code such as USD")
        .check(lasts, "/ttl", "must be 1 second to 1 day")
        .optionalText(idempotencyKey, "/idempotencyKey", MAX_TEXT)
        .check(idempotencyKey == null || !idempotencyKey.isBlank(), "/idempotencyKey", "is blank")
        .optionalText(reason, "/reason", MAX_TEXT)
        .throwIfAny();
    return this;
  }

  /** The amount in the ledger's units. */
  long units() {
    return amount == null ? 0 : Amounts.units(amount).orElse(0L);
  }

  Duration lifetime() {
    return ttl == null ? DEFAULT_TTL : ttl.duration();
  }
}
