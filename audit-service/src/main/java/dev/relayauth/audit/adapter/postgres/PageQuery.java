package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of a page: only the filters that are there, so that each finds its index. */
final class PageQuery {
  private final StringBuilder sql = new StringBuilder("select * from audit_record where org = ?");
  private final List<@Nullable Object> parameters = new ArrayList<>();

  private PageQuery(String org) {
    parameters.add(org);
  }

  static PageQuery of(String org, AuditFilter filter, int limit, AuditEntry.@Nullable Place after) {
    return new PageQuery(org).filtered(filter).older(after).limited(limit);
  }

  /** Entries in the order they came in. */
  static PageQuery after(String org, AuditFilter filter, AuditEntry.Arrival after, int limit) {
    PageQuery query = new PageQuery(org).filtered(filter);
    query.and("leaf_index >= ?", after.leafIndex());
    query.and("(leaf_index, id) > (?, ?)", after.leafIndex());
    query.parameters.add(after.id());
    query.sql.append(" order by leaf_index, id limit ?");
    query.parameters.add(limit);
    return query;
  }

  String sql() {
    return sql.toString();
  }

  @Nullable Object[] parameters() {
    return parameters.toArray();
  }

  private PageQuery filtered(AuditFilter filter) {
    and("identity_id = ?", filter.identityId());
    and("action = ?", filter.action());
    and("workspace_id = ?", filter.workspaceId());
    and("plane = ?", filter.plane());
    and("result = ?", filter.result());
    and("timestamp >= ?", filter.from());
    and("timestamp < ?", filter.to());
    and("sponsor_id = ?", filter.sponsorId());
    and("token_id = ?", filter.tokenId());
    and("session_id = ?", filter.sessionId());
    if (filter.result() != null) {
      // Says what the partial index says.
      sql.append(" and result ").append(isAllowed(filter) ? "=" : "<>").append(" 'allowed'");
    }
    return this;
  }

  private static boolean isAllowed(AuditFilter filter) {
    return filter.result() == dev.relayauth.common.event.AuditRecord.Result.allowed;
  }

  private PageQuery older(AuditEntry.@Nullable Place after) {
    if (after != null) {
      // Alone, the comparison of rows would leave no partition out.
      and("timestamp <= ?", after.timestamp());
      and("(timestamp, leaf_index) < (?, ?)", after.timestamp());
      parameters.add(after.leafIndex());
    }
    return this;
  }

  private PageQuery limited(int limit) {
    sql.append(" order by timestamp desc, leaf_index desc limit ?");
    parameters.add(limit);
    return this;
  }

  private void and(String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      parameters.add(value);
    }
  }
}
