package dev.relayauth.policy.adapter.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.policy.envoy.auth.AttributeContext;
import dev.relayauth.policy.v1.AuthorizationGrpc;
import dev.relayauth.policy.v1.BatchCheckRequest;
import dev.relayauth.policy.v1.CheckRequest;
import dev.relayauth.policy.v1.CheckResponse;
import dev.relayauth.testing.LocalServers;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "policy"))
class GrpcTest extends PolicyServiceTest {
  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + RestAssured.port, InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  private AuthorizationGrpc.AuthorizationBlockingStub as(String name, String value) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return AuthorizationGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private dev.relayauth.policy.envoy.auth.CheckResponse envoy(
      String template, String method, String path, String token) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), admin);
    AttributeContext.HttpRequest.Builder http =
        AttributeContext.HttpRequest.newBuilder().setMethod(method).setPath(path);
    if (token != null) {
      http.putHeaders("authorization", "Bearer " + token);
    }
    http.putHeaders("x-relayauth-scope", "stripe:orders:read");
    AttributeContext.Builder attributes =
        AttributeContext.newBuilder()
            .setRequest(AttributeContext.Request.newBuilder().setHttp(http));
    if (template != null) {
      attributes.putContextExtensions("scope", template);
    }
    return dev.relayauth.policy.envoy.auth.AuthorizationGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .check(
            dev.relayauth.policy.envoy.auth.CheckRequest.newBuilder()
                .setAttributes(attributes)
                .build());
  }

  @Test
  void checksLikeAuthorize() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    String token = world.token(agent, "stripe:orders:read");
    CheckResponse allowed =
        as("x-api-key", admin)
            .check(
                CheckRequest.newBuilder().setToken(token).setScope("stripe:orders:read").build());
    assertThat(allowed.getAllowed()).isTrue();
    assertThat(allowed.getReason()).isEqualTo("granted");
    assertThat(allowed.getMatched().getVia()).isEqualTo("direct");
    assertThat(allowed.getDecisionId()).startsWith("dec_");
    assertThat(
            AuditTopic.of(world)
                .find(
                    org,
                    "scope.checked",
                    found -> allowed.getDecisionId().equals(found.metadata().get("decisionId")))
                .identityId())
        .isEqualTo(agent.id());
    CheckResponse denied =
        as("authorization", "Bearer " + admin)
            .check(
                CheckRequest.newBuilder()
                    .setIdentityId(agent.id())
                    .setScope("stripe:orders:write")
                    .setExplain(true)
                    .build());
    assertThat(denied.getDecision()).isEqualTo("deny");
    assertThat(denied.getExplanation().getFieldsMap()).containsKey("summary");
  }

  @Test
  void readsTheContextOfAQuestion() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    policy(
        Map.of(
            "name",
            "no-risk",
            "effect",
            "deny",
            "scopes",
            List.of("stripe:orders:read"),
            "conditions",
            List.of(
                Map.of("type", "attribute", "attribute", "risk", "operator", "gt", "value", 5))));
    for (int risk : new int[] {3, 7}) {
      CheckRequest question =
          CheckRequest.newBuilder()
              .setIdentityId(agent.id())
              .setScope("stripe:orders:read")
              .setContext(
                  Struct.newBuilder()
                      .putFields("risk", Value.newBuilder().setNumberValue(risk).build()))
              .build();
      assertThat(as("x-api-key", admin).check(question).getAllowed()).isEqualTo(risk == 3);
    }
  }

  @Test
  void answersABatchInOrder() {
    IdentityState agent = world.agent(org, "stripe:orders:read");
    CheckRequest.Builder question = CheckRequest.newBuilder().setIdentityId(agent.id());
    assertThat(
            as("x-api-key", admin)
                .batchCheck(
                    BatchCheckRequest.newBuilder()
                        .addRequests(question.clone().setScope("stripe:orders:read"))
                        .addRequests(question.clone().setScope("stripe:orders:write"))
                        .build())
                .getResultsList())
        .extracting(CheckResponse::getAllowed)
        .containsExactly(true, false);
  }

  @Test
  void refusesWithTheStatusThatSaysWhy() {
    CheckRequest question =
        CheckRequest.newBuilder().setIdentityId("agent_x").setScope("a:b:c").build();
    refuses(
        () -> AuthorizationGrpc.newBlockingStub(channel).check(question),
        Status.Code.UNAUTHENTICATED);
    refuses(() -> as("x-api-key", "rak_wrong").check(question), Status.Code.UNAUTHENTICATED);
    String weak = world.apiKey(org, "relayauth:token:read");
    refuses(() -> as("x-api-key", weak).check(question), Status.Code.PERMISSION_DENIED);
    refuses(
        () -> as("x-api-key", world.platformKey()).check(question), Status.Code.PERMISSION_DENIED);
    refuses(
        () -> as("x-api-key", admin).check(CheckRequest.getDefaultInstance()),
        Status.Code.INVALID_ARGUMENT);
    refuses(
        () -> as("x-api-key", admin).check(question.toBuilder().setScope("a b").build()),
        Status.Code.INVALID_ARGUMENT);
    refuses(
        () -> as("x-api-key", admin).batchCheck(BatchCheckRequest.getDefaultInstance()),
        Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void saysWhyInWords() {
    CheckRequest question =
        CheckRequest.newBuilder().setIdentityId("agent_x").setScope("é % b").build();

    assertThatThrownBy(() -> as("x-api-key", admin).check(question))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getDescription())
                    .startsWith("invalid_scope: the scope is not valid"));
  }

  @Test
  void refusesMoreThanABodyMayHold() {
    CheckRequest question =
        CheckRequest.newBuilder().setToken("a".repeat(300_000)).setScope("a:b:c").build();

    refuses(() -> as("x-api-key", admin).check(question), Status.Code.RESOURCE_EXHAUSTED);
  }

  private static void refuses(Runnable call, Status.Code code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void saysThatItServesAndWhat() throws Exception {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    CompletableFuture<ServerReflectionResponse> listed = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> asking =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse value) {
                    listed.complete(value);
                  }

                  @Override
                  public void onError(Throwable t) {
                    listed.completeExceptionally(t);
                  }

                  @Override
                  public void onCompleted() {}
                });
    asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(listed.get(5, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting(service -> service.getName())
        .contains("relayauth.v1.Authorization", "envoy.service.auth.v3.Authorization");
    asking.onCompleted();
  }

  @Test
  void rulesForEnvoyByTheScopeThatItsOperatorConfigured() {
    IdentityState agent = world.agent(org, "shop:api:read:/orders/*");
    String token = world.token(agent, "shop:api:*");
    String template = "shop:api:{action}:{path}";
    dev.relayauth.policy.envoy.auth.CheckResponse passed =
        envoy(template, "GET", "/orders/1?x=y", token);
    assertThat(passed.getStatus().getCode()).isZero();
    assertThat(passed.getOkResponse().getHeadersList())
        .extracting(option -> option.getHeader().getKey() + "=" + option.getHeader().getValue())
        .contains("x-relayauth-subject=" + agent.id());
    assertThat(
            envoy(template, "DELETE", "/orders/1", token)
                .getDeniedResponse()
                .getStatus()
                .getCodeValue())
        .isEqualTo(403);
    for (String path : List.of("/users", "/orders/../users", "/orders/%2e%2e/users", "/orders/*")) {
      assertThat(envoy(template, "GET", path, token).getStatus().getCode()).as(path).isEqualTo(7);
    }
    assertThat(envoy(template, "GET", "/orders/1", null).getStatus().getCode()).isEqualTo(16);
    assertThat(
            envoy(template, "GET", "/orders/1", "x.y.z")
                .getDeniedResponse()
                .getStatus()
                .getCodeValue())
        .isEqualTo(401);
    assertThat(envoy(null, "GET", "/orders/1", token).getStatus().getCode()).isEqualTo(7);
  }

  @Test
  void rulesForAProxyOverHttp() {
    IdentityState agent = world.agent(org, "shop:api:read:/orders/*");
    String token = world.token(agent, "shop:api:*");
    assertThat(proxied("GET", "/orders/1", token).statusCode()).isEqualTo(200);
    assertThat(proxied("GET", "/orders/1", token).header("x-relayauth-subject"))
        .isEqualTo(agent.id());
    assertThat(proxied("DELETE", "/orders/1", token).statusCode()).isEqualTo(403);
    assertThat(proxied("GET", "/users", token).statusCode()).isEqualTo(403);
    Response unknown = proxied("GET", "/orders/1", "x.y.z");
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.header("WWW-Authenticate")).startsWith("Bearer");
    Response stranger = given().header("x-relayauth-scope", "a:b:c").get("/v1/ext-authz/x");
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.<String>path("code")).isEqualTo("missing_authorization");
    assertThat(
            given()
                .header("x-api-key", world.apiKey(org, "relayauth:token:read"))
                .get("/v1/ext-authz/x")
                .statusCode())
        .isEqualTo(403);
  }

  private Response proxied(String method, String path, String token) {
    return given()
        .header("x-api-key", admin)
        .header("x-relayauth-scope", "shop:api:{action}:{path}")
        .auth()
        .oauth2(token)
        .request(method, "/v1/ext-authz" + path);
  }
}
