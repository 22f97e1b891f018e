package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The partitions of the log: a week ahead, and any earlier day that a record needs. */
@Singleton
final class AuditDays {
  private static final int AHEAD = 7;

  private final Transactions transactions;
  private final InstantSource clock;
  private final Set<LocalDate> made = ConcurrentHashMap.newKeySet();

  AuditDays(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  static LocalDate of(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** Makes the partitions that are not there yet. */
  void ensure(Collection<LocalDate> days) {
    LocalDate today = of(clock.instant());
    Stream.concat(days.stream(), today.datesUntil(today.plusDays(AHEAD + 1)))
        .distinct()
        .filter(day -> !made.contains(day))
        .forEach(this::make);
  }

  /** Looks again next time: partitions may have been dropped. */
  void forget() {
    made.clear();
  }

  private void make(LocalDate day) {
    transactions.write(
        tx -> tx.first("select ensure_audit_day(?::date)", row -> "", day.toString()));
    made.add(day);
  }
}
