package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy in full.
 *
 * @param scopes what it is about; at least one
 * @param workspaceId the workspace layer, when it has one
 * @param identityId the agent layer, when it has one
 * @param obligations what an allow demands
 */
public record PolicyState(
    String orgId,
    String id,
    String name,
    @Nullable String description,
    Effect effect,
    List<String> scopes,
    List<Condition> conditions,
    List<Map<String, String>> obligations,
    int priority,
    @Nullable String workspaceId,
    @Nullable String identityId,
    boolean deleted,
    Instant createdAt,
    Instant updatedAt,
    long revision) {

  /** Copies the lists. */
  public PolicyState {
    scopes = List.copyOf(scopes);
    conditions = List.copyOf(conditions);
    obligations = List.copyOf(obligations);
  }

  /** A rule's effect; spelled as on the wire. */
  public enum Effect {
    allow,
    deny
  }

  /**
   * One condition of a policy.
   *
   * @param type what it looks at, such as {@code time} or {@code attribute}
   * @param attribute the attribute's name, for {@code attribute} conditions
   * @param value a string, number, boolean or a list of them
   */
  public record Condition(String type, @Nullable String attribute, String operator, Object value) {}
}
