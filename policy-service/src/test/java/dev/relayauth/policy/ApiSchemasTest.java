package dev.relayauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.testing.ApiSchemas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document says of answers and requests what is written and read here. */
class ApiSchemasTest {
  private static final ApiSchemas SCHEMAS = ApiSchemas.of(ApiSchemasTest.class);

  @ParameterizedTest
  @CsvSource({
    "Approval, adapter.http.ApprovalView",
    "Budget, adapter.http.BudgetView",
    "BudgetEntry, adapter.http.EntryView",
    "BudgetUsage, adapter.http.UsageView",
    "DecisionReplayed, adapter.http.DecisionResource$Replayed",
    "Outcome, adapter.http.OutcomeView",
    "Policy, adapter.http.PolicyView",
    "PolicyTestReport, adapter.http.PolicyTestResource$Report",
    "Recorded, adapter.http.RecordedView",
    "Reservation, adapter.http.ReservationView",
    "Role, adapter.http.RoleView",
    "ScopeCoverage, adapter.http.ScopeResource$Coverage",
    "ScopeParts, adapter.http.ScopeResource$Parts",
    "SearchAble, adapter.search.SearchResource$Able",
    "SearchHeldScope, adapter.search.SearchResource$HeldScope",
    "SearchTouching, adapter.search.SearchResource$Touching",
    "SimulationGroup, adapter.http.SimulationResource$GroupView",
    "SimulationReport, adapter.http.SimulationResource$Report",
    "Test, adapter.http.PolicyTestResource$TestView"
  })
  void describesWhatIsAnswered(String schema, String written) {
    assertThat(SCHEMAS.faultsOfAnswer(schema, written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AuthorizeRequest, adapter.http.AuthorizeBody",
    "BatchRequest, adapter.http.BatchBody",
    "EvaluationRequest, adapter.authzen.EvaluationBody",
    "EvaluationsRequest, adapter.authzen.EvaluationsBody",
    "PolicyChange, adapter.http.PolicyBody",
    "ReservationRequest, adapter.http.ReservationBody",
    "RoleChange, adapter.http.RoleBody",
    "SearchQuestion, adapter.search.SearchResource$Question",
    "SearchRequest, adapter.authzen.SearchBody",
    "SimulationRequest, adapter.http.SimulationBody"
  })
  void describesWhatIsRead(String schema, String read) {
    assertThat(SCHEMAS.faultsOfRequest(schema, read)).isEmpty();
  }
}
