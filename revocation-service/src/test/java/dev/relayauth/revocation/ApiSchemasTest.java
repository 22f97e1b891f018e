package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.testing.ApiSchemas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenAPI document says of answers and requests what is written and read here. */
class ApiSchemasTest {
  private static final ApiSchemas SCHEMAS = ApiSchemas.of(ApiSchemasTest.class);

  @ParameterizedTest
  @CsvSource({
    "Revocation, adapter.http.RevocationResource$View",
    "RevocationCreated, adapter.http.RevocationResource$Created",
    "RevocationListing, adapter.http.RevocationResource$Listing",
    "SignalEvents, adapter.http.SignalPollResource$Events",
    "SignalStream, adapter.http.SignalStreamView",
    "TokenRevocationStatus, adapter.http.TokenRevocationResource$Status"
  })
  void describesWhatIsAnswered(String schema, String written) {
    assertThat(SCHEMAS.faultsOfAnswer(schema, written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "RevocationCreate, adapter.http.RevocationResource$Create",
    "SignalPoll, adapter.http.SignalPollResource$Poll",
    "SignalStreamChange, adapter.http.SignalStreamBody",
    "TokenRevocationRevoke, adapter.http.TokenRevocationResource$Revoke"
  })
  void describesWhatIsRead(String schema, String read) {
    assertThat(SCHEMAS.faultsOfRequest(schema, read)).isEmpty();
  }
}
