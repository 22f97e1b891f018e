package dev.relayauth.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
  private static final String EACH = "dev.relayauth.k8s.Chart#valueSets";

  @TempDir Path temporary;

  @Test
  void hasTheValueSetsOfTheIssue() {
    assertThat(Chart.valueSets())
        .contains("minimal", "ha", "external", "strimzi-cnpg", "gateway-api", "locked-down");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void passesTheStrictLint(String values) throws IOException {
    LintResult result = Chart.lint(values, temporary.resolve("relayauth"));

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void rendersManifestsThatKubernetesAccepts(String values) {
    List<JsonNode> manifests = Chart.render(values);

    assertThat(manifests).isNotEmpty();
    assertThat(manifests)
        .allSatisfy(
            manifest ->
                assertThatCode(() -> KubernetesSchema.validate(manifest))
                    .doesNotThrowAnyException());
  }

  @Test
  void noticesAMemberThatKubernetesDoesNotKnow() {
    JsonNode deployment = of(Chart.render("minimal"), "Deployment").getFirst();
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("imagePolicy", "Always");

    assertThatThrownBy(() -> KubernetesSchema.validate(deployment))
        .hasMessageContaining("imagePolicy");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void runsEveryServiceAsTheRestrictedPodStandardWants(String values) {
    List<JsonNode> deployments = of(Chart.render(values), "Deployment");

    assertThat(deployments).hasSize(Chart.SERVICES.size());
    assertThat(deployments)
        .allSatisfy(
            deployment -> {
              JsonNode pod = deployment.at("/spec/template/spec");
              JsonNode container = pod.at("/containers/0");
              assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
              assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
              assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                  .isEqualTo("RuntimeDefault");
              assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
              assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
              JsonNode security = container.path("securityContext");
              assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
              assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
              assertThat(pod.path("volumes"))
                  .allSatisfy(
                      volume ->
                          assertThat(volume.has("emptyDir") || volume.has("secret")).isTrue());
            });
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void givesEveryContainerProbesLimitsAndAPinnedImage(String values) {
    assertThat(of(Chart.render(values), "Deployment"))
        .allSatisfy(
            deployment -> {
              JsonNode container = deployment.at("/spec/template/spec/containers/0");
              assertThat(container.at("/startupProbe/httpGet/path").asText())
                  .isEqualTo("/q/health/started");
              assertThat(container.at("/readinessProbe/httpGet/path").asText())
                  .isEqualTo("/q/health/ready");
              assertThat(container.at("/livenessProbe/httpGet/path").asText())
                  .isEqualTo("/q/health/live");
              assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
              assertThat(container.at("/resources/requests/cpu").asText()).isNotEmpty();
              assertThat(container.path("image").asText())
                  .matches(".+(:[A-Za-z0-9_.-]+|@sha256:[0-9a-f]{64})")
                  .doesNotEndWith(":latest");
            });
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void keepsOneReplicaOfManyThroughADisruption(String values) {
    List<JsonNode> manifests = Chart.render(values);
    List<String> several =
        of(manifests, "Deployment").stream()
            .filter(
                deployment ->
                    deployment.at("/spec/replicas").asInt() > 1
                        || named(manifests, "HorizontalPodAutoscaler", nameOf(deployment)))
            .map(ChartTest::nameOf)
            .toList();

    assertThat(of(manifests, "PodDisruptionBudget").stream().map(ChartTest::nameOf))
        .containsExactlyInAnyOrderElementsOf(several);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void givesEachServiceItsOwnKeyAndNoOther(String values) {
    assertThat(of(Chart.render(values), "Deployment"))
        .allSatisfy(
            deployment -> {
              String service =
                  deployment.at("/metadata/labels/app.kubernetes.io~1component").asText();
              JsonNode keys =
                  find(deployment.at("/spec/template/spec/volumes"), "keys").at("/secret/items");
              assertThat(keys.findValuesAsText("key"))
                  .containsExactly(service + ".jwk", "trusted.jwks");
              JsonNode environment = deployment.at("/spec/template/spec/containers/0/env");
              assertThat(
                      environment.findValuesAsText("name").contains("RELAYAUTH_TOKEN_REFRESH_KEY"))
                  .isEqualTo(service.equals("token"));
            });
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void writesNoSecretIntoAManifest(String values) {
    assertThat(of(Chart.render(values), "Secret")).isEmpty();
    assertThat(of(Chart.render(values), "Deployment"))
        .allSatisfy(
            deployment ->
                assertThat(deployment.at("/spec/template/spec/containers/0/env"))
                    .filteredOn(
                        variable ->
                            variable.path("name").asText().matches(".*(PASSWORD|KEY|HASH|JAAS.*)"))
                    .allSatisfy(
                        variable ->
                            assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                                .isNotEmpty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          issuer                   | auth.example.com         | issuer
          issuer                   | https://auth.example/x   | issuer
          issuer                   | https://Auth.example     | issuer
          issuer                   | https://auth.example?x=1 | issuer
          nameOverride             | My_Auth                  | nameOverride
          image.digests.polcy      | sha256:00                | polcy
          image.tag                | latest                   | tag
          secrets.existingSecret   | ''                       | existingSecret
          database.host            | ''                       | database.host
          database.sslMode         | prefer                   | sslMode
          kafka.bootstrapServers   | kafka                    | bootstrapServers
          kafka.securityProtocol   | SASL_SSL                 | kafka.existingSecret
          defaults.replicas        | 0                        | replicas
          services.policies.replicas | 2                      | policies
          gatewayApi.enabled       | true                     | gatewayApi.parentRefs
          ingress.enabled          | true                     | networkPolicy.ingressNamespaces
          strimzi.enabled          | true                     | strimzi.cluster
          database.sslMode         | verify-full              | database.caSecret
          grpc.port                | 8080                     | port
          metrics.serviceMonitor.enabled | true               | monitoringNamespaces
          database.userKey         | ''                       | userKey
          gatewayApi.grpcHostname  | grpc.example.com         | gatewayApi.enabled
          podDisruptionBudget.maxUnavailable | lots           | maxUnavailable
          services.policy.autoscaling.metricAverage | lots    | metricAverage
          services.policy.resources.limits.memory   | lots    | memory
          networkPolicy.outboundCidrs[0] | 999.1.2.3/24       | outboundCidrs
          """)
  void refusesABadValueAndNamesIt(String name, String value, String named) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(name, Objects.requireNonNullElse(value, ""));

    assertThatThrownBy(() -> Chart.render(Chart.valuesOf("minimal"), settings))
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({
    "ha, services.policy.autoscaling.minReplicas, 13, minReplicas",
    "gateway-api, gatewayApi.grpcHostname, auth.example.com, gatewayApi.grpcHostname",
    "strimzi-cnpg, strimzi.namespace, kafka, strimzi.secretsCopied",
    "strimzi-cnpg, strimzi.replicas, 1, strimzi.minInsyncReplicas",
    "strimzi-cnpg, kafka.securityProtocol, SASL_SSL, kafka.securityProtocol"
  })
  void refusesValuesThatDoNotGoTogether(String values, String name, String value, String named) {
    assertThatThrownBy(() -> Chart.render(Chart.valuesOf(values), Map.of(name, value)))
        .hasMessageContaining(named);
  }

  @Test
  void takesSecretsThatSomethingCopiesFromTheNamespaceOfKafka() {
    List<JsonNode> manifests =
        Chart.render(
            Chart.valuesOf("strimzi-cnpg"),
            Map.of("strimzi.namespace", "kafka", "strimzi.secretsCopied", true));

    assertThat(of(manifests, "KafkaUser"))
        .isNotEmpty()
        .allSatisfy(user -> assertThat(user.at("/metadata/namespace").asText()).isEqualTo("kafka"));
  }

  @ParameterizedTest
  @CsvSource({"external, relayauth-postgres-ca", "strimzi-cnpg, relayauth-db-ca"})
  void mountsTheCaThatTheDatabaseIsVerifiedBy(String values, String secret) {
    assertThat(of(Chart.render(values), "Deployment"))
        .allSatisfy(
            deployment -> {
              JsonNode pod = deployment.at("/spec/template/spec");
              JsonNode container = pod.at("/containers/0");
              String mounted =
                  find(container.path("volumeMounts"), "database-ca").at("/mountPath").asText();
              assertThat(find(pod.path("volumes"), "database-ca").at("/secret/secretName").asText())
                  .isEqualTo(secret);
              assertThat(
                      find(container.path("env"), "QUARKUS_DATASOURCE_JDBC_URL")
                          .path("value")
                          .asText())
                  .endsWith("?sslmode=verify-full&sslrootcert=" + mounted + "/ca.crt");
            });
  }

  @Test
  void takesAPartOfWhatAServiceIsGiven() {
    JsonNode resources =
        of(Chart.render("ha"), "Deployment").stream()
            .filter(deployment -> nameOf(deployment).endsWith("-audit"))
            .findFirst()
            .orElseThrow()
            .at("/spec/template/spec/containers/0/resources");

    assertThat(resources.at("/limits/memory").asText()).isEqualTo("1Gi");
    assertThat(resources.at("/requests/cpu").asText()).isEqualTo("250m");
  }

  @Test
  void readsADashboardThatGrafanaCanRead() throws IOException {
    JsonNode map =
        of(Chart.render("ha"), "ConfigMap").stream()
            .filter(found -> nameOf(found).endsWith("dashboard"))
            .findFirst()
            .orElseThrow();

    JsonNode dashboard = Chart.YAML.readTree(map.at("/data/relayauth.json").asText());

    assertThat(dashboard.path("panels")).hasSizeGreaterThanOrEqualTo(8);
  }

  static List<JsonNode> of(List<JsonNode> manifests, String kind) {
    return manifests.stream().filter(found -> found.path("kind").asText().equals(kind)).toList();
  }

  static String nameOf(JsonNode manifest) {
    return manifest.at("/metadata/name").asText();
  }

  static JsonNode find(JsonNode list, String name) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(element -> element.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean named(List<JsonNode> manifests, String kind, String name) {
    return of(manifests, kind).stream().anyMatch(found -> nameOf(found).equals(name));
  }
}
