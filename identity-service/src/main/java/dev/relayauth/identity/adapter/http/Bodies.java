package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Violations;
import dev.relayauth.identity.adapter.postgres.DirectoryStore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What every route of this service asks of its bodies and parameters. */
final class Bodies {
  private static final Duration FARTHEST = Duration.ofDays(36_500);

  private Bodies() {}

  /** A body must be there. */
  static void required(@Nullable Object body) {
    if (body == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "send a JSON body");
    }
  }

  /** An {@code orgId} in a body may only repeat what the credential says. */
  static void sameOrganization(@Nullable String orgId, Caller.Tenant caller) {
    if (orgId != null && !orgId.equals(caller.org())) {
      throw new RefusedException(
          ErrorCode.ORG_MISMATCH, "orgId is not the organisation of the credential");
    }
  }

  /** Whether an end lies in the future, and near enough to be meant. */
  static Violations end(Violations violations, @Nullable Instant expiresAt, Instant now) {
    return violations
        .check(expiresAt == null || expiresAt.isAfter(now), "/expiresAt", "must be in the future")
        .check(
            expiresAt == null || expiresAt.isBefore(now.plus(FARTHEST)),
            "/expiresAt",
            "must be within 100 years");
  }

  static DirectoryStore.Page page(@Nullable String cursorText, String list, int limit) {
    Cursor cursor = Cursor.decode(cursorText, list);
    return cursor == null
        ? new DirectoryStore.Page(null, null, limit)
        : new DirectoryStore.Page(cursor.createdAt(), cursor.id(), limit);
  }
}
