package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Rows;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a row becomes an identity. */
final class IdentityRows {
  private IdentityRows() {}

  /** A row with what the state doesn't carry. */
  record Stored(IdentityState state, long version, @Nullable BudgetLimits effectiveBudget) {}

  static IdentityState state(ResultSet row) throws SQLException {
    return new IdentityState(
        row.getString("org_id"),
        row.getString("id"),
        row.getString("name"),
        IdentityState.Type.valueOf(row.getString("type")),
        IdentityState.Status.valueOf(row.getString("status")),
        row.getString("workspace_id"),
        row.getString("sponsor_id"),
        Rows.strings(row, "sponsor_chain"),
        Rows.strings(row, "scopes"),
        Rows.strings(row, "roles"),
        row.getBoolean("issuer_scoped"),
        metadata(row.getString("metadata")),
        budget(row.getString("budget")),
        Rows.instantOrNull(row, "expires_at"),
        Rows.instantOrNull(row, "suspended_at"),
        row.getString("suspend_reason"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "updated_at"),
        0);
  }

  static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        state(row), row.getLong("version"), budget(row.getString("effective_budget")));
  }

  static @Nullable String json(@Nullable Object value) {
    return value == null ? null : new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static @Nullable BudgetLimits budget(@Nullable String json) {
    return json == null
        ? null
        : Json.read(json.getBytes(StandardCharsets.UTF_8), BudgetLimits.class);
  }

  private static Map<String, String> metadata(String json) {
    Map<String, String> result = new LinkedHashMap<>();
    Map<?, ?> read = Json.read(json.getBytes(StandardCharsets.UTF_8), Map.class);
    read.forEach((key, value) -> result.put(String.valueOf(key), String.valueOf(value)));
    return result;
  }
}
