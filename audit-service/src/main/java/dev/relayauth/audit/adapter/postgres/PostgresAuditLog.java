package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.activity.Usage;
import dev.relayauth.audit.domain.activity.UsageLog;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.statistics.ActionCounts;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log as PostgreSQL holds it. */
@Singleton
public final class PostgresAuditLog implements AuditLog, UsageLog, ActionCounts {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String FIND = "select * from audit_record where " + AuditKeys.of("id");
  private static final String ACTIONS =
      """
      select count(*) from audit_record
      where %s and timestamp > ?
        and action = 'scope.checked' and result = 'allowed'
        and metadata->>'dry' is distinct from 'true'
      """
          .formatted(AuditKeys.of("identity_id"));
  private static final String COST =
      """
      select coalesce(sum((metadata->>'cost')::numeric), 0) from audit_record
      where %s and timestamp >= ?
        and action in ('scope.checked', 'budget.committed') and result = 'allowed'
        and metadata->>'dry' is distinct from 'true'
        and metadata->>'cost' ~ '^[0-9]{1,15}([.][0-9]{1,9})?$'
      """
          .formatted(AuditKeys.of("identity_id"));
  private static final String COUNTS =
      """
      select action, result, sum(count)::bigint as count from action_count
      where org = ? group by action, result
      """;

  private final Transactions transactions;

  PostgresAuditLog(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public List<AuditEntry> page(
      String org, AuditFilter filter, int limit, AuditEntry.@Nullable Place after) {
    PageQuery query = PageQuery.of(org, filter, limit, after);
    return transactions.read(tx -> tx.query(query.sql(), AuditRows::read, query.parameters()));
  }

  @Override
  public List<AuditEntry> after(
      String org, AuditFilter filter, AuditEntry.Arrival after, int limit) {
    PageQuery query = PageQuery.after(org, filter, after, limit);
    return transactions.read(tx -> tx.query(query.sql(), AuditRows::read, query.parameters()));
  }

  @Override
  public Optional<AuditEntry> find(String org, String id) {
    return transactions.read(tx -> tx.first(FIND, AuditRows::read, org, id, org, id));
  }

  @Override
  public Usage usage(String org, String identityId, Instant now) {
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
    return transactions.read(
        tx -> {
          long actions =
              tx.first(
                      ACTIONS,
                      row -> row.getLong(1),
                      org,
                      identityId,
                      org,
                      identityId,
                      now.minus(HOUR))
                  .orElse(0L);
          BigDecimal cost =
              tx.first(
                      COST, row -> row.getBigDecimal(1), org, identityId, org, identityId, midnight)
                  .orElse(BigDecimal.ZERO);
          return new Usage(actions, cost);
        });
  }

  @Override
  public List<Count> counts(String org) {
    return transactions.read(
        tx ->
            tx.query(
                COUNTS,
                row ->
                    new Count(
                        row.getString("action"),
                        AuditRecord.Result.valueOf(row.getString("result")),
                        row.getLong("count")),
                org));
  }
}
