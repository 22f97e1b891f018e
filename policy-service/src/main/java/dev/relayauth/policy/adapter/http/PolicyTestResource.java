package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.postgres.PolicyTestRows;
import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.policytest.PolicyCase;
import dev.relayauth.policy.domain.policytest.PolicyTests;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Tests that an organisation keeps beside its policies, and that every change has to pass. */
@Path("/v1")
public final class PolicyTestResource {
  private static final int MAX_TESTS = 100;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private final Transactions transactions;
  private final PolicyTestRows rows;
  private final PolicyTestCases cases;
  private final PolicyTests tests;
  private final AccessDecisions decisions;
  private final AuditRecords audit;
  private final CurrentRequest request;
  private final InstantSource clock;
  private final PolicyReach reach;

  PolicyTestResource(
      Transactions transactions,
      PolicyTestRows rows,
      PolicyTestCases cases,
      PolicyTests tests,
      AccessDecisions decisions,
      AuditRecords audit,
      CurrentRequest request,
      InstantSource clock,
      PolicyReach reach) {
    this.reach = reach;
    this.transactions = transactions;
    this.rows = rows;
    this.cases = cases;
    this.tests = tests;
    this.decisions = decisions;
    this.audit = audit;
    this.request = request;
    this.clock = clock;
  }

  /** A test as a client sends it. */
  record TestBody(@Nullable String name, @Nullable String yaml) {}

  /** A test as clients see it. */
  record TestView(
      String name, String yaml, Instant createdAt, Instant updatedAt, String updatedBy) {
    static TestView of(PolicyTestRows.Row row) {
      return new TestView(
          row.name(), row.yaml(), row.createdAt(), row.updatedAt(), row.updatedBy());
    }
  }

  /** All tests; there are a hundred at most. */
  record TestList(List<TestView> data) {}

  /** A case that was run. */
  record CaseView(
      String test,
      String name,
      boolean passed,
      String expected,
      String decision,
      String reason,
      @Nullable String policy) {
    static CaseView of(PolicyCase.Outcome outcome) {
      return new CaseView(
          outcome.subject().test(),
          outcome.subject().name(),
          outcome.passed(),
          outcome.subject().expected().allowed() ? "allow" : "deny",
          outcome.actual().isAllowed() ? "allow" : "deny",
          outcome.actual().reason().slug(),
          outcome.actual().matched().policy());
    }
  }

  /** What came of a run. */
  record Report(int passed, int failed, List<CaseView> cases) {
    static Report of(List<PolicyCase.Outcome> outcomes) {
      int passed = (int) outcomes.stream().filter(PolicyCase.Outcome::passed).count();
      return new Report(
          passed, outcomes.size() - passed, outcomes.stream().map(CaseView::of).toList());
    }
  }

  /** Keeps a test, in place of the one of the same name. */
  @POST
  @Path("policy-tests")
  @RequiresScope("relayauth:policy:manage")
  @RunOnVirtualThread
  @ResponseStatus(201)
  public TestView put(@Nullable TestBody sent) {
    TestBody body = AdministrativeWrites.require(sent);
    String name = String.valueOf(body.name());
    boolean named = body.name() != null && name.length() <= 64 && NAME.matcher(name).matches();
    String yaml = body.yaml();
    new Violations()
        .check(named, "/name", "is kebab-case, 64 characters at most")
        .check(yaml != null, "/yaml", "is required")
        .check(
            yaml == null || yaml.length() <= PolicyTestYaml.MAX_LENGTH,
            "/yaml",
            "may have " + PolicyTestYaml.MAX_LENGTH + " characters at most")
        .throwIfAny();
    String org = request.tenant().org();
    cases.of(org, name, PolicyTestYaml.parse(String.valueOf(yaml)));
    reach.requireMayChange(request.tenant());
    return TestView.of(transactions.write(tx -> put(tx, org, name, String.valueOf(yaml))).value());
  }

  private PolicyTestRows.Row put(Transaction tx, String org, String name, String yaml)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    PolicyTestRows.Row row = rows.put(tx, org, name, yaml, now, request.tenant().actorId());
    if (rows.all(tx, org).size() > MAX_TESTS) {
      throw new RefusedException(
          ErrorCode.CONFLICT, "an organisation keeps " + MAX_TESTS + " tests at most");
    }
    audit.append(tx, audit.draft("policy.test_updated", org, request).with("name", name), request);
    return row;
  }

  /** All tests, by name. */
  @GET
  @Path("policy-tests")
  @RequiresScope("relayauth:policy:read")
  @RunOnVirtualThread
  public TestList list() {
    String org = request.tenant().org();
    return new TestList(
        transactions.read(tx -> rows.all(tx, org)).stream().map(TestView::of).toList());
  }

  /** One test. */
  @GET
  @Path("policy-tests/{name}")
  @RequiresScope("relayauth:policy:read")
  @RunOnVirtualThread
  public TestView get(@PathParam("name") String name) {
    String org = request.tenant().org();
    return transactions
        .read(tx -> rows.find(tx, org, name))
        .map(TestView::of)
        .orElseThrow(PolicyTestResource::notFound);
  }

  /** Keeps a test no longer. */
  @DELETE
  @Path("policy-tests/{name}")
  @RequiresScope("relayauth:policy:manage")
  @RunOnVirtualThread
  public void delete(@PathParam("name") String name) {
    String org = request.tenant().org();
    transactions.write(
        tx -> {
          if (!rows.delete(tx, org, name)) {
            throw notFound();
          }
          reach.requireMayChange(request.tenant());
          audit.append(
              tx, audit.draft("policy.test_deleted", org, request).with("name", name), request);
          return name;
        });
  }

  /** Runs the test that is sent, or all that are kept, under what is in force. */
  @POST
  @Path("policy-tests:run")
  @RequiresScope("relayauth:policy:read")
  @RunOnVirtualThread
  public Report run(@Nullable TestBody body) {
    String org = request.tenant().org();
    Authority authority = decisions.snapshot(org).authority();
    List<PolicyCase> all = new ArrayList<>();
    if (body != null && body.yaml() != null) {
      String name = body.name() == null ? "sent" : body.name();
      all.addAll(cases.of(org, name, PolicyTestYaml.parse(body.yaml())));
    } else {
      transactions
          .read(tx -> rows.all(tx, org))
          .forEach(row -> all.addAll(cases.of(org, row.name(), PolicyTestYaml.parse(row.yaml()))));
    }
    return Report.of(tests.run(all, authority));
  }

  private static RefusedException notFound() {
    return new RefusedException(ErrorCode.NOT_FOUND, "there is no such policy test");
  }
}
