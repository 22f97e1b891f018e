package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.Transaction;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Adds new rows to the counters, in one order, so that two replicas never wait in a circle. */
final class ActionCounter {
  private static final String ADD =
      """
      insert into action_count (org, day, action, result, count)
      select * from unnest(?::text[], ?::text[]::date[], ?::text[], ?::text[], ?::text[]::bigint[])
      on conflict (org, day, action, result)
        do update set count = action_count.count + excluded.count
      """;

  private final Map<Key, Long> counts = new TreeMap<>(Key.ORDER);

  private record Key(String org, LocalDate day, String action, String result) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::org)
            .thenComparing(Key::day)
            .thenComparing(Key::action)
            .thenComparing(Key::result);
  }

  void count(AuditRecord row) {
    add(new Key(row.orgId(), AuditDays.of(row.timestamp()), row.action(), row.result().name()));
  }

  void store(Transaction tx) throws SQLException {
    if (!counts.isEmpty()) {
      tx.update(
          ADD,
          column(Key::org),
          column(key -> key.day().toString()),
          column(Key::action),
          column(Key::result),
          counts.values().stream().map(String::valueOf).toList());
    }
  }

  private void add(Key key) {
    counts.merge(key, 1L, Long::sum);
  }

  private List<String> column(Function<Key, String> of) {
    return counts.keySet().stream().map(of).toList();
  }
}
