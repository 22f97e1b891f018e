package dev.relayauth.sdk;

import dev.relayauth.sdk.Transport.Call;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Identities: who acts, and who answers for them. */
public final class Identities {
  private static final String PATH = "/v1/identities";

  private final Transport transport;

  Identities(Transport transport) {
    this.transport = transport;
  }

  /** Creates one. A repeated attempt after a lost answer doesn't make a second. */
  public Identity create(NewIdentity identity) {
    return Transport.await(createAsync(identity));
  }

  /** Like {@link #create}. */
  public CompletableFuture<Identity> createAsync(NewIdentity identity) {
    return transport.send(once(Call.post(PATH, identity)), Identity.class);
  }

  /** Creates a sub-agent of {@code parentId}, which never gets more than its parent has. */
  public Identity createSubAgent(String parentId, NewIdentity identity) {
    return Transport.await(
        transport.send(once(Call.post(path(parentId) + "/sub-agents", identity)), Identity.class));
  }

  /** Reads one. */
  public Identity get(String id) {
    return Transport.await(getAsync(id));
  }

  /** Like {@link #get}. */
  public CompletableFuture<Identity> getAsync(String id) {
    return transport.send(Call.get(path(id)), Identity.class);
  }

  /** Lists up to {@code limit} of them, from a cursor or from the newest. */
  public Page<Identity> list(int limit, @Nullable String cursor) {
    return list(new Filter(null, null, null, null), limit, cursor);
  }

  /** What a list may be narrowed to; null members don't narrow. */
  public record Filter(
      @Nullable String status,
      @Nullable String type,
      @Nullable String sponsorId,
      @Nullable String workspaceId) {}

  /** Lists those that fit. */
  public Page<Identity> list(Filter filter, int limit, @Nullable String cursor) {
    Query query =
        new Query(PATH)
            .with("status", filter.status)
            .with("type", filter.type)
            .with("sponsorId", filter.sponsorId)
            .with("workspaceId", filter.workspaceId)
            .with("limit", limit)
            .with("cursor", cursor);
    return Transport.await(transport.list(Call.get(query.toString()), Identity.class));
  }

  /** Changes members; metadata is merged. */
  public Identity update(String id, Map<String, ?> changes) {
    return Transport.await(transport.send(Call.patch(path(id), changes), Identity.class));
  }

  /** Suspends it, all its sub-agents and their tokens. */
  public Identity suspend(String id, String reason) {
    return Transport.await(
        transport.send(Call.post(path(id) + "/suspend", Map.of("reason", reason)), Identity.class));
  }

  /** Ends its suspension. Tokens from before stay dead. */
  public Identity reactivate(String id) {
    return Transport.await(
        transport.send(Call.post(path(id) + "/reactivate", Map.of()), Identity.class));
  }

  /** Retires it for good. */
  public Identity retire(String id) {
    return Transport.await(
        transport.send(Call.post(path(id) + "/retire", Map.of()), Identity.class));
  }

  /** Deletes it and all its sub-agents. */
  public void delete(String id) {
    Transport.await(transport.send(Call.delete(path(id)).with("X-Confirm-Delete", "true")));
  }

  private static Call once(Call call) {
    return call.with("Idempotency-Key", UUID.randomUUID().toString());
  }

  private static String path(String id) {
    return PATH + "/" + Query.segment(id);
  }
}
