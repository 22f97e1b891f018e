package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.identity.domain.configuration.Kind;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a declarative configuration has written or adopted, and so may take away again. */
@Singleton
public final class ConfiguredStore {
  private final Transactions transactions;

  ConfiguredStore(Transactions transactions) {
    this.transactions = transactions;
  }

  private record Name(Kind kind, String name) {}

  /** The names of each kind. */
  public Map<Kind, Set<String>> read(String org) {
    List<Name> names =
        transactions.read(
            tx ->
                tx.query(
                    "select kind, name from configured where org_id = ?",
                    row -> new Name(Kind.valueOf(row.getString(1)), row.getString(2)),
                    org));
    Map<Kind, Set<String>> result = new EnumMap<>(Kind.class);
    names.forEach(
        name -> result.computeIfAbsent(name.kind(), kind -> new HashSet<>()).add(name.name()));
    return result;
  }

  /** Remembers and forgets names of a kind. */
  public void write(String org, Kind kind, Collection<String> present, Collection<String> gone) {
    transactions.write(
        tx -> {
          tx.update(
              """
              insert into configured select ?, ?, unnest(?::text[]) on conflict do nothing
              """,
              org,
              kind,
              present);
          return tx.update(
              "delete from configured where org_id = ? and kind = ? and name = any(?)",
              org,
              kind,
              gone);
        });
  }
}
