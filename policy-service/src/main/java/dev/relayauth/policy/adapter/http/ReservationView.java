package dev.relayauth.policy.adapter.http;

import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Operation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reservation, spend or credit as clients see it, money in major units.
 *
 * @param status {@code reserved}, {@code committed}, {@code voided} or {@code expired}
 * @param committed how much of it was spent; missing while it is open
 * @param remaining what the tightest cap has left
 */
record ReservationView(
    String id,
    String identityId,
    String kind,
    String status,
    BigDecimal amount,
    @Nullable BigDecimal committed,
    String currency,
    @Nullable BigDecimal remaining,
    Instant createdAt,
    @Nullable Instant expiresAt) {

  static ReservationView of(Operation operation, List<Charge.Room> rooms) {
    Long settled = operation.settled();
    BigDecimal remaining = null;
    for (Charge.Room room : rooms) {
      if (room.cap().unit() == Cap.Unit.MONEY && room.cap().limit() < Cap.NO_LIMIT) {
        BigDecimal left = Amounts.major(room.left());
        remaining = remaining == null ? left : remaining.min(left);
      }
    }
    return new ReservationView(
        operation.id(),
        operation.identityId(),
        operation.kind().name(),
        operation.status().name(),
        Amounts.major(operation.amount()),
        settled == null ? null : Amounts.major(settled),
        operation.currency(),
        remaining,
        operation.createdAt(),
        operation.kind() == Operation.Kind.reservation ? operation.expiresAt() : null);
  }
}
