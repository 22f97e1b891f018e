package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.audit.domain.epoch.EpochSource;
import dev.relayauth.audit.domain.log.Received;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.token.Sha256;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a batch says of epochs, one row a source. Stored in one order, so that two replicas never
 * wait in a circle.
 */
final class EpochTally {
  private static final String ADD =
      """
      insert into audit_epoch as e (source, id, service, node, started_at, records, highest,
        opened_at, last_seen_at, closed_at, closing)
      select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]::timestamptz[],
        ?::text[]::bigint[], ?::text[]::bigint[], ?::text[]::timestamptz[],
        ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::text[]::bigint[])
      on conflict (source) do update set
        records = e.records + excluded.records,
        highest = greatest(e.highest, excluded.highest),
        opened_at = coalesce(e.opened_at, excluded.opened_at),
        last_seen_at = greatest(e.last_seen_at, excluded.last_seen_at),
        closed_at = coalesce(e.closed_at, excluded.closed_at),
        closing = coalesce(e.closing, excluded.closing)
      """;

  private final Map<String, Optional<Row>> bySource = new HashMap<>();

  /** One source in this batch. */
  private static final class Row {
    private final EpochSource source;
    private long records;
    private long highest;
    private Instant lastSeenAt = Instant.MIN;
    private @Nullable Instant openedAt;
    private @Nullable Instant closedAt;
    private @Nullable Long closing;

    private Row(EpochSource source) {
      this.source = source;
    }

    private void see(long number, Instant at) {
      highest = Math.max(highest, number);
      lastSeenAt = at.isAfter(lastSeenAt) ? at : lastSeenAt;
    }
  }

  /** Counts a record that is new to the log. */
  void count(Received row) {
    if (row.source() != null) {
      bySource
          .computeIfAbsent(row.source(), text -> EpochSource.parse(text).map(Row::new))
          .ifPresent(
              epoch -> {
                epoch.records++;
                epoch.see(row.number(), row.content().timestamp());
              });
    }
  }

  /** Takes a report in, which may be one that was there before. */
  void report(EpochReport report) {
    Row epoch =
        bySource
            .computeIfAbsent(report.source().text(), text -> Optional.of(new Row(report.source())))
            .orElseThrow();
    epoch.see(report.records(), report.at());
    switch (report.phase()) {
      case opened -> epoch.openedAt = report.at();
      case counted -> {
        // That it was seen is all that it says.
      }
      case closed -> {
        epoch.closedAt = report.at();
        epoch.closing = report.records();
      }
    }
  }

  void store(Transaction tx) throws SQLException {
    Map<String, Row> rows = new TreeMap<>();
    bySource.forEach((source, row) -> row.ifPresent(epoch -> rows.put(source, epoch)));
    if (!rows.isEmpty()) {
      List<Row> ordered = List.copyOf(rows.values());
      tx.update(
          ADD,
          column(ordered, row -> row.source.text()),
          column(ordered, row -> Sha256.base64Url(row.source.text())),
          column(ordered, row -> row.source.service()),
          column(ordered, row -> row.source.node()),
          column(ordered, row -> row.source.startedAt()),
          column(ordered, row -> row.records),
          column(ordered, row -> row.highest),
          column(ordered, row -> row.openedAt),
          column(ordered, row -> row.lastSeenAt),
          column(ordered, row -> row.closedAt),
          column(ordered, row -> row.closing));
    }
  }

  private static List<@Nullable String> column(List<Row> rows, Function<Row, @Nullable Object> of) {
    List<@Nullable String> column = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Object value = of.apply(row);
      column.add(value == null ? null : value.toString());
    }
    return column;
  }
}
