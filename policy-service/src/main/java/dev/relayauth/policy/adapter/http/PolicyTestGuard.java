package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.adapter.kafka.AuthorityProjection;
import dev.relayauth.policy.adapter.postgres.PolicyTestRows;
import dev.relayauth.policy.domain.policytest.PolicyCase;
import dev.relayauth.policy.domain.policytest.PolicyTests;
import dev.relayauth.policy.domain.replay.Rules;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Refuses a change that breaks a case the organisation keeps, unless the request says {@code
 * force=true}. A case that failed already is not broken by anyone. Blocking.
 */
@Singleton
public final class PolicyTestGuard {
  private static final int MAX_NAMED = 20;

  private final PolicyTestRows rows;
  private final PolicyTestCases cases;
  private final PolicyTests tests;
  private final AuthorityProjection authorities;
  private final CurrentRequest request;

  PolicyTestGuard(
      PolicyTestRows rows,
      PolicyTestCases cases,
      PolicyTests tests,
      AuthorityProjection authorities,
      CurrentRequest request) {
    this.rows = rows;
    this.cases = cases;
    this.tests = tests;
    this.authorities = authorities;
    this.request = request;
  }

  /** Looks at what a policy is to become. */
  void check(Transaction tx, PolicyState policy) throws SQLException {
    List<PolicyTestRows.Row> kept = kept(tx, policy.orgId());
    if (!kept.isEmpty()) {
      Rules now = authorities.copyOf(policy.orgId());
      check(policy.orgId(), kept, now, now.copy().with(policy));
    }
  }

  /** Looks at what a role is to become. */
  void check(Transaction tx, RoleState role) throws SQLException {
    List<PolicyTestRows.Row> kept = kept(tx, role.orgId());
    if (!kept.isEmpty()) {
      Rules now = authorities.copyOf(role.orgId());
      check(role.orgId(), kept, now, now.copy().with(role));
    }
  }

  private List<PolicyTestRows.Row> kept(Transaction tx, String org) throws SQLException {
    return isForced() ? List.of() : rows.all(tx, org);
  }

  private boolean isForced() {
    return "true".equals(request.query("force"));
  }

  private void check(String org, List<PolicyTestRows.Row> kept, Rules before, Rules after) {
    List<PolicyCase> all = new ArrayList<>();
    kept.forEach(row -> all.addAll(cases.of(org, row.name(), PolicyTestYaml.parse(row.yaml()))));
    List<PolicyCase.Outcome> broken = tests.broken(all, before.compile(), after.compile());
    if (!broken.isEmpty()) {
      throw new RefusedException(
          ErrorCode.CONFLICT,
          "the change breaks "
              + broken.size()
              + " policy test case(s); send force=true to make it all the same",
          Map.of(
              "broken",
              broken.stream().limit(MAX_NAMED).map(PolicyTestResource.CaseView::of).toList()));
    }
  }
}
