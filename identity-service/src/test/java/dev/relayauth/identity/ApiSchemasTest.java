package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.testing.ApiSchemas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document says of answers and requests what is written and read here. */
class ApiSchemasTest {
  private static final ApiSchemas SCHEMAS = ApiSchemas.of(ApiSchemasTest.class);

  @ParameterizedTest
  @CsvSource({
    "ApiKey, adapter.http.ApiKeyResource$View",
    "ApiKeyCreated, adapter.http.ApiKeyResource$Created",
    "ApiKeyRevoked, adapter.http.ApiKeyResource$Revoked",
    "ApiKeyRotated, adapter.http.ApiKeyResource$Rotated",
    "ConfigAnswer, adapter.http.ConfigResource$Answer",
    "Identity, adapter.http.IdentityView",
    "IdentityBatchAnswer, adapter.http.IdentityBatchResource$Answer",
    "Organization, adapter.http.OrganizationResource$View",
    "OrganizationCreated, adapter.http.OrganizationResource$Created",
    "Sponsor, adapter.http.SponsorResource$View",
    "Workspace, adapter.http.WorkspaceResource$View"
  })
  void describesWhatIsAnswered(String schema, String written) {
    assertThat(SCHEMAS.faultsOfAnswer(schema, written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "IdentityPatchRequest, adapter.http.IdentityResource$PatchBody",
    "NewApiKey, adapter.http.ApiKeyResource$Body",
    "NewOrganization, adapter.http.OrganizationResource$Body",
    "NewSponsor, adapter.http.SponsorResource$Body",
    "NewWorkspace, adapter.http.WorkspaceResource$Body",
    "SubAgentRequest, adapter.http.IdentityBody"
  })
  void describesWhatIsRead(String schema, String read) {
    assertThat(SCHEMAS.faultsOfRequest(schema, read)).isEmpty();
  }
}
