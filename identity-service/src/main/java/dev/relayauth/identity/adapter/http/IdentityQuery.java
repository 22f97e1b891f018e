package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Violations;
import dev.relayauth.identity.adapter.postgres.IdentityStore;
import jakarta.ws.rs.QueryParam;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The query parameters of a list of identities. */
public record IdentityQuery(
    @QueryParam("status") @Nullable String status,
    @QueryParam("type") @Nullable String type,
    @QueryParam("sponsorId") @Nullable String sponsorId,
    @QueryParam("workspaceId") @Nullable String workspaceId,
    @QueryParam("name") @Nullable String name,
    @QueryParam("limit") @Nullable String limit,
    @QueryParam("cursor") @Nullable String cursor) {

  /** The filter; {@code parent} narrows it to the identities directly under one. */
  IdentityStore.Filter filter(String org, @Nullable String parent) {
    new Violations()
        .check(
            status == null || IdentityResource.isStatus(status),
            "/status",
            "must be active, suspended or retired")
        .check(type == null || isType(type), "/type", "must be agent, human or service")
        .optionalText(name, "/name", Violations.MAX_NAME)
        .optionalText(sponsorId, "/sponsorId", Violations.MAX_NAME)
        .optionalText(workspaceId, "/workspaceId", Violations.MAX_NAME)
        .throwIfAny();
    Cursor from = Cursor.decode(cursor, list(org, parent));
    return new IdentityStore.Filter(
        status,
        type,
        parent == null ? sponsorId : parent,
        workspaceId,
        name,
        from == null ? null : from.createdAt(),
        from == null ? null : from.id(),
        Cursor.limit(limit));
  }

  /** What names this list: its filters, so that its cursors are for no other. */
  String list(String org, @Nullable String parent) {
    return "identities/" + Arrays.asList(org, parent, status, type, sponsorId, workspaceId, name);
  }

  private static boolean isType(String text) {
    return Arrays.stream(IdentityState.Type.values()).anyMatch(type -> type.name().equals(text));
  }
}
