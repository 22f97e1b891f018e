package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.removal.Removals;
import dev.relayauth.audit.domain.removal.RetentionRule;
import dev.relayauth.audit.domain.tree.LeafRanges;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Removes records whose time is over, an organisation's day at a time, and drops the partitions
 * that are empty then. Which leaves have no record any more is put on record with each removal.
 */
@Singleton
public final class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);
  private static final int LOCK = 0x52455445;
  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
  private static final Pattern RANGE = Pattern.compile("\\[([0-9]+),([0-9]+)\\)");
  private static final String PARTITIONS =
      """
      select substring(c.relname from 14) from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'audit_record'::regclass order by 1
      """;

  /** Each organisation of a partition by one probe of an index. */
  private static final String ORGS =
      """
      with recursive o as (
        (select org, audit_hash(org, '') as key from %1$s order by key limit 1)
        union all
        select next.org, next.key from o, lateral (
          select r.org, audit_hash(r.org, '') as key from %1$s r
          where audit_hash(r.org, '') > o.key order by key limit 1) next
      ) select org from o
      """;

  private static final String EXPIRE =
      """
      with gone as (delete from %s where %s returning leaf_index),
      ranges as (
        select range_agg(int8range(leaf_index, leaf_index + 1)) as leaves
        from gone where leaf_index >= 0)
      update audit_tree set expired = expired + coalesce((select leaves from ranges), '{}')
      where org = ? returning expired::text
      """;

  /** Of an epoch that was heard of before, nobody has a record any more. */
  private static final String EPOCHS = "delete from audit_epoch where last_seen_at < ?";

  private final Transactions transactions;
  private final RetentionRule rule;
  private final AuditRecords records;
  private final InstantSource clock;

  Retention(
      Transactions transactions, RetentionRule rule, AuditRecords records, InstantSource clock) {
    this.transactions = transactions;
    this.rule = rule;
    this.records = records;
    this.clock = clock;
  }

  /** Removes all that is too old now; one replica at a time. Blocking. */
  public void run() {
    LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
    List<LocalDate> days =
        transactions.read(
            tx -> tx.query(PARTITIONS, row -> LocalDate.parse(row.getString(1), SUFFIX)));
    for (LocalDate day : days) {
      if (day.plusDays(RetentionRule.MIN_DAYS).isBefore(today)) {
        expire(day, today);
      }
    }
    Instant oldest =
        today.minusDays(RetentionRule.MAX_DAYS).atStartOfDay().toInstant(ZoneOffset.UTC);
    transactions.write(tx -> lock(tx) && tx.update(EPOCHS, oldest) > 0);
  }

  private void expire(LocalDate day, LocalDate today) {
    String table = "audit_record_" + day.format(SUFFIX);
    List<String> orgs =
        transactions.read(tx -> tx.query(ORGS.formatted(table), row -> row.getString(1)));
    for (String org : orgs) {
      if (rule.isOver(org, day, today)) {
        transactions.write(tx -> lock(tx) && expire(tx, table, org));
      }
    }
    transactions.write(tx -> lock(tx) && dropEmpty(tx, table));
  }

  private boolean expire(Transaction tx, String table, String org) throws SQLException {
    String sql = EXPIRE.formatted(table, AuditKeys.OF_ORG);
    String gone = tx.first(sql, row -> row.getString(1), org, org, org).orElse("{}");
    for (String piece : ranges(gone).pieces()) {
      records.append(
          tx, records.draft(Removals.EXPIRED, org).with(Removals.LEAVES, piece).build(), null);
    }
    LOG.infof("records of %s in %s were too old and are gone", org, table);
    return true;
  }

  private static boolean dropEmpty(Transaction tx, String table) throws SQLException {
    boolean empty =
        tx.first("select not exists (select 1 from " + table + ")", row -> row.getBoolean(1))
            .orElse(false);
    if (empty) {
      tx.update("drop table " + table);
    }
    return empty;
  }

  private static boolean lock(Transaction tx) throws SQLException {
    return tx.first(
            "select pg_try_advisory_xact_lock(?, hashtext(current_schema()))",
            row -> row.getBoolean(1),
            LOCK)
        .orElse(false);
  }

  /** PostgreSQL writes <code>{[0,18),[23,24)}</code>. */
  private static LeafRanges ranges(String text) {
    LeafRanges ranges = new LeafRanges();
    Matcher matcher = RANGE.matcher(text);
    while (matcher.find()) {
      ranges.add(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) - 1);
    }
    return ranges;
  }
}
