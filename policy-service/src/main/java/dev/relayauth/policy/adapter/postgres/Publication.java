package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.OutboxEvent;
import dev.relayauth.common.outbox.Transaction;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Appends the new state of a role or policy to the transaction that changes it. */
@Singleton
public final class Publication {
  private static final String SOURCE = "/relayauth/policy";

  private final IdSource ids;

  Publication(IdSource ids) {
    this.ids = ids;
  }

  /** Publishes a role; its revision is the event's own sequence. */
  public void publish(Transaction tx, RoleState role, String pastTense, @Nullable String trace) {
    tx.publish(
        event(tx, EntityKind.ROLE, role.orgId(), role.id(), pastTense, trace),
        sequence ->
            Json.write(
                new RoleState(
                    role.orgId(),
                    role.id(),
                    role.name(),
                    role.description(),
                    role.scopes(),
                    role.workspaceId(),
                    role.builtIn(),
                    role.deleted(),
                    role.createdAt(),
                    role.updatedAt(),
                    sequence)));
  }

  /** Publishes a policy; its revision is the event's own sequence. */
  public void publish(
      Transaction tx, PolicyState policy, String pastTense, @Nullable String trace) {
    tx.publish(
        event(tx, EntityKind.POLICY, policy.orgId(), policy.id(), pastTense, trace),
        sequence ->
            Json.write(
                new PolicyState(
                    policy.orgId(),
                    policy.id(),
                    policy.name(),
                    policy.description(),
                    policy.effect(),
                    policy.scopes(),
                    policy.conditions(),
                    policy.obligations(),
                    policy.priority(),
                    policy.workspaceId(),
                    policy.identityId(),
                    policy.deleted(),
                    policy.createdAt(),
                    policy.updatedAt(),
                    sequence)));
  }

  private OutboxEvent event(
      Transaction tx,
      EntityKind kind,
      String org,
      String id,
      String pastTense,
      @Nullable String trace) {
    return new OutboxEvent(
        Topics.POLICY,
        kind.key(org, id),
        ids.next(IdPrefix.EVENT),
        SOURCE,
        CloudEvent.type(kind.wireName(), pastTense),
        id,
        tx.clock().instant(),
        trace);
  }
}
