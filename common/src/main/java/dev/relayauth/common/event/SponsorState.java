package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A human who answers for agents; the id is unique within the organisation only. */
public record SponsorState(
    String orgId,
    String id,
    String name,
    @Nullable String email,
    Status status,
    Instant createdAt,
    Instant updatedAt,
    long revision) {

  /**
   * This human as one who acts in person, a chain of one.
   *
   * @param scopes standing grants; none for one whose tokens carry what their issuer named
   */
  public IdentityState acting(List<String> scopes) {
    return new IdentityState(
        orgId,
        id,
        name,
        IdentityState.Type.human,
        status == Status.active ? IdentityState.Status.active : IdentityState.Status.retired,
        null,
        id,
        List.of(id),
        scopes,
        List.of(),
        scopes.isEmpty(),
        Map.of(),
        null,
        null,
        null,
        null,
        createdAt,
        updatedAt,
        revision);
  }

  /** Whether the human is still with the organisation. */
  public enum Status {
    active,
    offboarded
  }
}
