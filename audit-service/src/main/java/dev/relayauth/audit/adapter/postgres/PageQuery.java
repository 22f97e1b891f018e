package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.common.event.AuditRecord.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of a page: only the filters that are there, so that one of them finds its index. */
final class PageQuery {
  private final StringBuilder sql = new StringBuilder("select * from audit_record where ");
  private final List<@Nullable Object> parameters = new ArrayList<>();
  private final String org;

  private PageQuery(String org) {
    this.org = org;
  }

  static PageQuery of(String org, AuditFilter filter, int limit, AuditEntry.@Nullable Place after) {
    PageQuery query = new PageQuery(org).keyed(filter);
    if (query.parameters.isEmpty()) {
      query.ofOrg();
    }
    return query.filtered(filter).older(after).limited(limit);
  }

  /** Entries in the order they came in. */
  static PageQuery after(String org, AuditFilter filter, AuditEntry.Arrival after, int limit) {
    PageQuery query = new PageQuery(org).ofOrg().keyed(filter).filtered(filter);
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

  private PageQuery ofOrg() {
    where(AuditKeys.OF_ORG, org, org);
    return this;
  }

  private PageQuery keyed(AuditFilter filter) {
    // What is this rare is walked alone: the planner would AND a common value's entries with it.
    boolean alone = narrow("token_id", filter.tokenId(), false);
    alone = narrow("session_id", filter.sessionId(), alone);
    alone = narrow("identity_id", filter.identityId(), alone);
    narrow("action", filter.action(), alone);
    narrow("workspace_id", filter.workspaceId(), alone);
    narrow("plane", filter.plane(), alone);
    narrow("sponsor_id", filter.sponsorId(), alone);
    Result result = filter.result();
    if (result != null && result != Result.allowed && alone) {
      // Not as its partial index has it, or the planner would walk all of that instead.
      where("result || '' = ?", result.name());
    } else if (result != null && result != Result.allowed) {
      narrow("result", result.name(), false);
      // Says what the partial index says.
      sql.append(" and result <> 'allowed'");
    }
    return this;
  }

  private PageQuery filtered(AuditFilter filter) {
    if (filter.result() == Result.allowed) {
      sql.append(" and result = 'allowed'");
    }
    and("timestamp >= ?", filter.from());
    and("timestamp < ?", filter.to());
    return this;
  }

  /** Asks by key unless a rarer one is walked; whether one is, after this. */
  private boolean narrow(String column, @Nullable String value, boolean alone) {
    if (value == null) {
      return alone;
    }
    if (alone) {
      where(column + " = ?", value);
    } else {
      where(AuditKeys.of(column), org, value, org, value);
    }
    return true;
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
      where(condition, value);
    }
  }

  private void where(String condition, Object... values) {
    sql.append(parameters.isEmpty() ? "" : " and ").append(condition);
    parameters.addAll(List.of(values));
  }
}
