package dev.relayauth.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.testing.ApiSchemas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document says of answers and requests what is written and read here. */
class ApiSchemasTest {
  private static final ApiSchemas SCHEMAS = ApiSchemas.of(ApiSchemasTest.class);

  @ParameterizedTest
  @CsvSource({
    "ClientKey, adapter.oauth.ClientKeyResource$View",
    "OAuthToken, adapter.oauth.OAuthAnswer",
    "Session, adapter.http.SessionResource$View",
    "SigningKey, adapter.http.KeyResource$KeyView",
    "TokenPair, adapter.http.TokenPair",
    "WorkspaceTokenCreated, adapter.http.WorkspaceTokenResource$Created"
  })
  void describesWhatIsAnswered(String schema, String written) {
    assertThat(SCHEMAS.faultsOfAnswer(schema, written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DelegatedRequest, adapter.http.DelegatedBody",
    "IssueRequest, adapter.http.IssueBody",
    "NewWorkspaceToken, adapter.http.WorkspaceTokenResource$Body",
    "ValidateRequest, adapter.http.IntrospectionAnswers$ValidateBody"
  })
  void describesWhatIsRead(String schema, String read) {
    assertThat(SCHEMAS.faultsOfRequest(schema, read)).isEmpty();
  }
}
