package dev.relayauth.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** What Kubernetes' OpenAPI schema says of a manifest. */
final class KubernetesSchema {
  private static final Map<String, Check> KINDS =
      Map.of(
          "apps/v1/Deployment", new Check(V1Deployment.class, V1Deployment::validateJsonElement),
          "v1/Service", new Check(V1Service.class, V1Service::validateJsonElement),
          "v1/ServiceAccount",
              new Check(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement),
          "v1/ConfigMap", new Check(V1ConfigMap.class, V1ConfigMap::validateJsonElement),
          "policy/v1/PodDisruptionBudget",
              new Check(V1PodDisruptionBudget.class, V1PodDisruptionBudget::validateJsonElement),
          "autoscaling/v2/HorizontalPodAutoscaler",
              new Check(
                  V2HorizontalPodAutoscaler.class, V2HorizontalPodAutoscaler::validateJsonElement),
          "networking.k8s.io/v1/NetworkPolicy",
              new Check(V1NetworkPolicy.class, V1NetworkPolicy::validateJsonElement),
          "networking.k8s.io/v1/Ingress",
              new Check(V1Ingress.class, V1Ingress::validateJsonElement));

  /** Kinds of operators, which Kubernetes itself has no schema for. */
  private static final Set<String> OF_OPERATORS =
      Set.of(
          "kafka.strimzi.io/v1beta2/KafkaTopic",
          "kafka.strimzi.io/v1beta2/KafkaUser",
          "postgresql.cnpg.io/v1/Cluster",
          "monitoring.coreos.com/v1/ServiceMonitor",
          "monitoring.coreos.com/v1/PrometheusRule",
          "gateway.networking.k8s.io/v1/HTTPRoute",
          "gateway.networking.k8s.io/v1/GRPCRoute");

  private record Check(Class<?> type, Validation validation) {}

  private interface Validation {
    void validate(JsonElement manifest) throws IOException;
  }

  private KubernetesSchema() {}

  /**
   * Reads a manifest into its typed object and checks it against its schema.
   *
   * @throws IllegalArgumentException when it doesn't fit, or is of a kind nobody knows
   */
  static void validate(JsonNode manifest) {
    String kind = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
    Check check = KINDS.get(kind);
    if (check == null) {
      if (OF_OPERATORS.contains(kind)) {
        return;
      }
      throw new IllegalArgumentException("an unknown kind: " + kind);
    }
    try {
      check.validation.validate(JsonParser.parseString(manifest.toString()));
      JSON.deserialize(manifest.toString(), check.type);
    } catch (IOException e) {
      throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
    }
  }
}
