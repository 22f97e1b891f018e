package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.BudgetState;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Owner;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The budgets of organisations, workspaces and sponsors: their rows, and the event of a change. */
@Singleton
public final class BudgetStore {
  private static final String PUT =
      """
      insert into budget_owner (org_id, kind, id, limits, agent_defaults, updated_at)
      values (?, ?, ?, ?::jsonb, ?::jsonb, ?)
      on conflict (org_id, kind, id) do update
         set limits = excluded.limits, agent_defaults = excluded.agent_defaults,
             updated_at = excluded.updated_at
      """;
  private static final String ALL = "select * from budget_owner where org_id = ?";
  private static final String FIND =
      "select * from budget_owner where org_id = ? and kind = ? and id = ?";

  private final IdSource ids;

  BudgetStore(IdSource ids) {
    this.ids = ids;
  }

  /** The budget of an owner, when it ever had one. */
  public Optional<BudgetState> find(Transaction tx, String org, Owner owner) throws SQLException {
    return tx.first(FIND, BudgetStore::read, org, owner.kind(), owner.id());
  }

  /** Those of all owners of an organisation that ever had one. */
  public List<BudgetState> all(Transaction tx, String org) throws SQLException {
    return tx.query(ALL, BudgetStore::read, org);
  }

  /** Writes a budget and publishes it; its revision is the event's own sequence. */
  public void put(Transaction tx, BudgetState state, @Nullable String trace) throws SQLException {
    tx.update(
        PUT,
        state.orgId(),
        state.ownerKind(),
        state.ownerId(),
        json(state.limits()),
        json(state.agentDefaults()),
        state.updatedAt());
    String name = state.ownerKind() + "." + state.ownerId();
    OutboxEvent event =
        new OutboxEvent(
            Topics.POLICY,
            EntityKind.BUDGET.key(state.orgId(), name),
            ids.next(IdPrefix.EVENT),
            "/relayauth/policy",
            CloudEvent.type(EntityKind.BUDGET.wireName(), "updated"),
            state.ownerId(),
            tx.clock().instant(),
            trace);
    tx.publish(event, sequence -> Json.write(at(state, sequence)));
  }

  private static BudgetState at(BudgetState state, long revision) {
    return new BudgetState(
        state.orgId(),
        state.ownerKind(),
        state.ownerId(),
        state.limits(),
        state.agentDefaults(),
        state.updatedAt(),
        revision);
  }

  private static BudgetState read(ResultSet row) throws SQLException {
    return new BudgetState(
        row.getString("org_id"),
        row.getString("kind"),
        row.getString("id"),
        limits(row.getString("limits")),
        limits(row.getString("agent_defaults")),
        Rows.instant(row, "updated_at"),
        0);
  }

  private static @Nullable String json(@Nullable BudgetLimits limits) {
    return limits == null ? null : new String(Json.write(limits), StandardCharsets.UTF_8);
  }

  private static @Nullable BudgetLimits limits(@Nullable String json) {
    return json == null
        ? null
        : Json.read(json.getBytes(StandardCharsets.UTF_8), BudgetLimits.class);
  }
}
