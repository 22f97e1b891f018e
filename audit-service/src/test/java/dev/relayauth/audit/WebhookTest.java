package dev.relayauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.relayauth.audit.webhook.Receiver;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
@QuarkusTestResource(Receiver.class)
class WebhookTest {
  private static final AtomicInteger PATHS = new AtomicInteger();

  private final Fixture fixture = new Fixture();
  private final String path = "/hook-" + PATHS.incrementAndGet();

  @Inject Transactions transactions;

  private ValidatableResponse create(Object body) {
    return fixture.auditor().body(body).post("/v1/audit/webhooks").then();
  }

  private String created(String url, List<String> events) {
    return create(Map.of("url", url, "events", events, "secret", "a secret of ours"))
        .statusCode(201)
        .extract()
        .path("id");
  }

  private ValidatableResponse get(String id) {
    return fixture.auditor().get("/v1/audit/webhooks/" + id).then();
  }

  private ValidatableResponse deliveries(String id) {
    return fixture.auditor().get("/v1/audit/webhooks/" + id + "/deliveries").then();
  }

  private static String hmac(String secret, String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAWebhookAskedForIsDeliveredOnceAndSigned() {
    String id = created(Receiver.url(path, 204), List.of("role.created", "key.*"));
    fixture.logged(fixture.entry("role.deleted", Result.allowed, "agent_a"));
    AuditRecord wanted = fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));

    deliveriesEnd(id, "delivered");

    assertThat(Receiver.messages(path)).hasSize(1);
    Receiver.Message message = Receiver.messages(path).getFirst();
    String signed =
        message.headers().getFirst("webhook-id")
            + "."
            + message.headers().getFirst("webhook-timestamp")
            + "."
            + message.body();
    assertThat(message.headers().getFirst("webhook-signature"))
        .isEqualTo("v1," + hmac("a secret of ours", signed));
    JsonPath body = JsonPath.from(message.body());
    assertThat(body.getString("type")).isEqualTo("role.created");
    assertThat(body.getString("data.id")).isEqualTo(wanted.id());
    assertThat(body.getString("timestamp")).isEqualTo(wanted.timestamp().toString());
    deliveries(id).body("data.id", contains(message.headers().getFirst("webhook-id")));
  }

  private void deliveriesEnd(String id, String status) {
    await()
        .untilAsserted(() -> deliveries(id).statusCode(200).body("data.status", hasItem(status)));
  }

  @Test
  void aCursorLeadsOnInItsOwnListOnly() {
    created(Receiver.url(path, 204), List.of("role.created"));
    String id = created(Receiver.url(path, 204), List.of("role.created"));
    String cursor =
        fixture
            .auditor()
            .get("/v1/audit/webhooks?limit=1")
            .then()
            .statusCode(200)
            .extract()
            .path("cursor");
    fixture.auditor().get("/v1/audit/webhooks?limit=1&cursor=" + cursor).then().statusCode(200);
    for (String other :
        List.of("/v1/audit/webhooks/" + id + "/deliveries", "/v1/audit", "/v1/audit/webhooks")) {
      String sent = other.endsWith("webhooks") ? cursor.split("\\.")[0] : cursor;
      fixture.auditor().get(other + "?cursor=" + sent).then().statusCode(400);
    }
  }

  @Test
  void aMessageThatFailsComesAgainUntilItIsTaken() {
    String id = created(Receiver.url(path, 500), List.of("role.created"));
    fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));
    await().untilAsserted(() -> get(id).body("status", equalTo("degraded")));

    Receiver.url(path, 200);

    deliveriesEnd(id, "delivered");
    get(id).body("status", equalTo("active")).body("failures", equalTo(0));
    List<String> ids =
        Receiver.messages(path).stream()
            .map(message -> message.headers().getFirst("webhook-id"))
            .distinct()
            .toList();
    assertThat(ids).hasSize(1);
  }

  @Test
  void aReceiverThatIsGoneIsDisabledAndCanBeEnabledAgain() {
    String id = created(Receiver.url(path, 410), List.of("role.created"));
    fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));
    await().untilAsserted(() -> get(id).body("status", equalTo("disabled")));
    int before = Receiver.messages(path).size();

    fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));
    fixture
        .auditor()
        .post("/v1/audit/webhooks/" + id + "/enable")
        .then()
        .statusCode(200)
        .body("status", equalTo("active"));

    Receiver.url(path, 200);
    fixture.auditor().post("/v1/audit/webhooks/" + id + "/test").then().statusCode(202);
    deliveriesEnd(id, "delivered");
    assertThat(Receiver.messages(path)).hasSize(before + 1);
    assertThat(Receiver.messages(path).getLast().body()).contains("webhook.test");
  }

  @Test
  void aRedirectIsNotFollowed() {
    String id = created(Receiver.url(path, 302), List.of("role.created"));
    Receiver.url("/redirected", 200);

    fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));

    deliveriesEnd(id, "failed");
    deliveries(id).body("data[0].responseStatus", equalTo(302));
    assertThat(Receiver.messages("/redirected")).isEmpty();
  }

  @Test
  void aNameThatComesToLeadInsideIsNotFollowedThere() {
    String id = created("http://hooks.does-not-resolve.invalid/", List.of("role.created"));
    transactions.write(
        tx ->
            tx.update(
                "update audit_webhook set url = ? where id = ?",
                Receiver.url(path, 200).replace("127.0.0.1", "localhost"),
                id));

    fixture.logged(fixture.entry("role.created", Result.allowed, "agent_a"));

    deliveriesEnd(id, "failed");
    deliveries(id).body("data[0].error", equalTo("the name leads to a private address"));
    assertThat(Receiver.messages(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://localhost:9999/hook",
        "https://10.0.0.1/",
        "https://192.168.1.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "ftp://example.com/",
        "not a url",
        ""
      })
  void aUrlThatLeadsInsideIs400(String url) {
    create(Map.of("url", url)).statusCode(400).body("code", equalTo("validation_failed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"url\":7}",
        "{\"url\":\"https://hooks.example.invalid/\",\"events\":[]}",
        "{\"url\":\"https://hooks.example.invalid/\",\"events\":[\"nope\"]}",
        "{\"url\":\"https://hooks.example.invalid/\",\"events\":[null]}",
        "{\"url\":\"https://hooks.example.invalid/\",\"events\":\"token.issued\"}",
        "{\"url\":\"https://hooks.example.invalid/\",\"secret\":\"\"}",
        "{\"url\":\"https://hooks.example.invalid/\",\"secret\":\"a\\u0000b\"}"
      })
  void aBadBodyIs400(String body) {
    create(body).statusCode(400).body("code", equalTo("validation_failed"));
  }

  @Test
  void anUnresolvableNameIsAcceptedAndASecretOfOursShownOnce() {
    String id =
        create(Map.of("url", "https://hooks.example.invalid/x", "events", List.of("token.issued")))
            .statusCode(201)
            .body("secret", notNullValue())
            .body("status", equalTo("active"))
            .extract()
            .path("id");

    get(id).statusCode(200).body("secret", nullValue()).body("events", contains("token.issued"));
    byte[] stored =
        transactions
            .read(
                tx ->
                    tx.first(
                        "select secret from audit_webhook where id = ?", r -> r.getBytes(1), id))
            .orElseThrow();
    assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("whsec_");
  }

  @Test
  void aWebhookIsItsTenantsAloneAndCanBeDeleted() {
    String id = created("https://hooks.example.invalid/", List.of("*"));
    Fixture other = new Fixture();

    other.auditor().get("/v1/audit/webhooks/" + id).then().statusCode(404);
    other.auditor().delete("/v1/audit/webhooks/" + id).then().statusCode(404);
    fixture.auditor().get("/v1/audit/webhooks").then().body("data.id", contains(id));
    fixture.auditor().delete("/v1/audit/webhooks/" + id).then().statusCode(204);
    get(id).statusCode(404);
    await().until(() -> !fixture.ids(Map.of("action", "organization.webhook_deleted")).isEmpty());
  }
}
