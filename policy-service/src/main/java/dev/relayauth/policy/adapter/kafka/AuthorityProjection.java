package dev.relayauth.policy.adapter.kafka;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.FeedHandler;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.decision.RoleGrant;
import dev.relayauth.policy.domain.decision.Rule;
import dev.relayauth.policy.domain.replay.Rules;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Roles and policies of each organisation, compiled, from the policy topic. A record that can't be
 * read fails: this replica then denies rather than forget a deny.
 */
@Singleton
public final class AuthorityProjection implements FeedHandler {
  private final Map<String, OrganizationAuthority> byOrg = new ConcurrentHashMap<>();
  private final OrganizationAuthority none = new OrganizationAuthority();

  @Override
  public String topic() {
    return Topics.POLICY;
  }

  @Override
  public void apply(CloudEvent event) {
    byte[] data = event.data();
    String[] key = event.key().split("/", 3);
    OrganizationAuthority authority =
        byOrg.computeIfAbsent(key[0], org -> new OrganizationAuthority());
    if (EntityKind.POLICY.owns(event.key())) {
      PolicyState policy = data == null ? null : Json.read(data, PolicyState.class);
      if (policy == null || policy.deleted()) {
        authority.removePolicy(key[2], event.sequence());
      } else {
        authority.put(Rule.of(policy), event.sequence());
      }
    } else if (EntityKind.ROLE.owns(event.key())) {
      RoleState role = data == null ? null : Json.read(data, RoleState.class);
      if (role == null || role.deleted()) {
        authority.removeRole(key[2], event.sequence());
      } else {
        authority.put(RoleGrant.of(role), event.sequence());
      }
    }
  }

  /** The roles and policies of an organisation, as they are now. */
  public Authority of(String org) {
    return byOrg.getOrDefault(org, none).current();
  }

  /** A copy of them, to try changes on. */
  public Rules copyOf(String org) {
    return byOrg.getOrDefault(org, none).copy();
  }
}
