package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.administration.BuiltInRoles;
import dev.relayauth.policy.domain.decision.RoleGrant;
import dev.relayauth.policy.domain.replay.Rules;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The roles and policies of an organisation as they were at any revision. */
@Singleton
public final class AuthorityHistory {
  private static final String AT =
      """
      select distinct on (kind, id) kind, state from authority_history
       where org_id = ? and revision <= ?
       order by kind, id, revision desc
      """;

  private record State(String kind, byte[] json) {}

  /** Those that the events up to a sequence made. */
  public Rules at(Transaction tx, String org, long revision) throws SQLException {
    Rules rules =
        new Rules(
            Map.of(),
            BuiltInRoles.of("").stream()
                .map(RoleGrant::of)
                .collect(Collectors.toMap(RoleGrant::id, Function.identity())));
    for (State state :
        tx.query(AT, row -> new State(row.getString(1), row.getBytes(2)), org, revision)) {
      if (state.kind().equals("policy")) {
        rules.with(Json.read(state.json(), PolicyState.class));
      } else {
        rules.with(Json.read(state.json(), RoleState.class));
      }
    }
    return rules;
  }
}
