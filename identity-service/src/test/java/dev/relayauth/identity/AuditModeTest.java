package dev.relayauth.identity;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "identity"))
class AuditModeTest extends IdentityTestBase {
  @Test
  void anAdminChoosesWhatPermitsOfItsOrganisationWaitFor() {
    as(adminKey).get("/v1/organizations/" + org).then().body("auditMode", nullValue());

    patch(Map.of("auditMode", "strict"));
    as(adminKey).get("/v1/organizations/" + org).then().body("auditMode", equalTo("strict"));

    patch(Map.of("name", "Another"));
    as(adminKey).get("/v1/organizations/" + org).then().body("auditMode", equalTo("strict"));

    patch(Map.of("auditMode", "buffered"));
    as(adminKey).get("/v1/organizations/" + org).then().body("auditMode", equalTo("buffered"));
  }

  @Test
  void thereIsNoThirdMode() {
    for (Object mode : new Object[] {"lax", "STRICT", "", 1, true}) {
      as(adminKey)
          .body(Map.of("auditMode", mode))
          .patch("/v1/organizations/" + org)
          .then()
          .statusCode(400)
          .body("code", equalTo("validation_failed"));
    }
  }

  private void patch(Map<String, ?> change) {
    as(adminKey).body(change).patch("/v1/organizations/" + org).then().statusCode(200);
  }
}
