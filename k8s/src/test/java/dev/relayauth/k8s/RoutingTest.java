package dev.relayauth.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes outside are those of the gateway of the one-machine stack. */
class RoutingTest {
  private static final Path OPEN_API =
      Path.of("../identity-service/src/main/resources/META-INF/resources/openapi.yaml");

  @ParameterizedTest
  @CsvFileSource(resources = "/routes.csv")
  void leadsEachPathToItsOwner(String path, String owner) {
    assertThat(ownerByIngress(path)).contains(owner);
    assertThat(ownerByGateway(path)).contains(owner);
  }

  /** The tag of an operation in the OpenAPI document is the service that owns it. */
  @Test
  void leadsEachDocumentedPathToItsOwner() {
    Map<String, String> owners = new TreeMap<>();
    Map<String, String> documented = new TreeMap<>();
    JsonNode gateway = ChartTest.of(Chart.render("gateway-api"), "HTTPRoute").getFirst();
    Chart.read(OPEN_API)
        .path("paths")
        .properties()
        .forEach(
            path -> {
              String plain = path.getKey().replaceAll("[{}]", "");
              owners.put(plain, ownerByGateway(gateway, plain).orElse("nobody"));
              documented.put(plain, path.getValue().elements().next().at("/tags/0").asText());
            });
    // Each service answers it; the one-machine gateway for all of them.
    assertThat(owners.remove("/health")).isEqualTo("identity");
    documented.remove("/health");

    assertThat(owners).isEqualTo(documented);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/internal/v1/probes", "/q/metrics", "/", "/v1", "/v2/tokens", "/v1/tokensx"})
  void exposesNothingElse(String path) {
    assertThat(ownerByIngress(path)).isEmpty();
    assertThat(ownerByGateway(path)).isEmpty();
  }

  @Test
  void attachesToTheGatewayAndHostOfTheIssuer() {
    JsonNode route = ChartTest.of(Chart.render("gateway-api"), "HTTPRoute").getFirst();

    assertThat(route.at("/spec/parentRefs/0/name").asText()).isEqualTo("public");
    assertThat(route.at("/spec/hostnames/0").asText()).isEqualTo("auth.example.com");
  }

  /** The limits of the HTTPRoute of the Gateway API, v1. */
  @Test
  void fitsIntoOneRoute() {
    JsonNode rules =
        ChartTest.of(Chart.render("gateway-api"), "HTTPRoute").getFirst().at("/spec/rules");

    assertThat(rules.size()).isBetween(1, 16);
    assertThat(rules).allSatisfy(rule -> assertThat(rule.path("matches").size()).isBetween(1, 64));
  }

  /** A listener takes an HTTPRoute or a GRPCRoute for a host, not both. */
  @Test
  void takesGrpcAtAHostOfItsOwn() {
    List<JsonNode> manifests = Chart.render("gateway-api");

    assertThat(ChartTest.of(manifests, "GRPCRoute").getFirst().at("/spec/hostnames"))
        .isNotEqualTo(ChartTest.of(manifests, "HTTPRoute").getFirst().at("/spec/hostnames"));
  }

  @Test
  void leadsGrpcToThePortOfThePolicyServiceThatSpeaksIt() {
    List<JsonNode> manifests = Chart.render("gateway-api");
    JsonNode backend =
        ChartTest.of(manifests, "GRPCRoute").getFirst().at("/spec/rules/0/backendRefs/0");
    JsonNode service =
        ChartTest.of(manifests, "Service").stream()
            .filter(each -> ChartTest.nameOf(each).equals(backend.path("name").asText()))
            .findFirst()
            .orElseThrow();

    JsonNode port = ChartTest.find(service.at("/spec/ports"), "grpc");

    assertThat(port.path("port").asInt()).isEqualTo(backend.path("port").asInt());
    assertThat(port.path("appProtocol").asText()).isEqualTo("kubernetes.io/h2c");
    assertThat(port.path("targetPort").asText()).isEqualTo("http");
  }

  private static Optional<String> ownerByIngress(String path) {
    Map<String, String> owners = new LinkedHashMap<>();
    JsonNode ingress = ChartTest.of(Chart.render("ha"), "Ingress").getFirst();
    ingress
        .at("/spec/rules/0/http/paths")
        .forEach(
            found ->
                owners.put(
                    found.path("path").asText(), found.at("/backend/service/name").asText()));
    // ingress-nginx tries longer expressions first.
    List<String> order =
        owners.keySet().stream()
            .sorted((one, other) -> Integer.compare(other.length(), one.length()))
            .toList();
    return first(order, owners, path);
  }

  private static Optional<String> ownerByGateway(String path) {
    return ownerByGateway(ChartTest.of(Chart.render("gateway-api"), "HTTPRoute").getFirst(), path);
  }

  private static Optional<String> ownerByGateway(JsonNode route, String path) {
    Map<String, String> owners = new LinkedHashMap<>();
    route
        .at("/spec/rules")
        .forEach(
            rule ->
                rule.path("matches")
                    .forEach(
                        match ->
                            owners.put(
                                match.at("/path/value").asText(),
                                rule.at("/backendRefs/0/name").asText())));
    return first(List.copyOf(owners.keySet()), owners, path);
  }

  private static Optional<String> first(
      List<String> order, Map<String, String> owners, String path) {
    return order.stream()
        .filter(path::matches)
        .findFirst()
        .map(expression -> owners.getOrDefault(expression, "").replace("relayauth-", ""));
  }
}
