package dev.relayauth.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Services may reach whom their code calls, and nobody else. */
class NetworkPolicyTest {
  /** A file that calls another service, or says whom to call. */
  private static final Pattern CALLER =
      Pattern.compile("\\bInternalClient\\b|\\bPeer\\b|\\burls\\(\\)|\\bclass FeedOwners\\b");

  private static final Pattern NAME =
      Pattern.compile("\"(" + String.join("|", Chart.SERVICES) + ")\"");

  @Test
  void letsEachServiceReachThoseThatItsCodeCalls() {
    assertThat(graph("egress", "to")).isEqualTo(calls());
  }

  @Test
  void letsEachServiceBeReachedByThoseWhoseCodeCallsIt() {
    Map<String, Set<String>> callers = new TreeMap<>();
    Chart.SERVICES.forEach(service -> callers.put(service, new TreeSet<>()));
    calls().forEach((caller, called) -> called.forEach(name -> callers.get(name).add(caller)));

    assertThat(graph("ingress", "from")).isEqualTo(callers);
  }

  @Test
  void letsGrpcClientsReachThePolicyServiceAlone() {
    Set<String> reached = new TreeSet<>();
    for (JsonNode policy : ChartTest.of(Chart.render("locked-down"), "NetworkPolicy")) {
      if (policy.at("/spec/ingress").toString().contains("\"envoy\"")) {
        reached.add(component(policy.at("/spec/podSelector")).orElseThrow());
      }
    }

    assertThat(reached).containsExactly("policy");
  }

  @Test
  void letsEachServiceReachKafkaAtThePortsItIsToldOf() {
    assertThat(ChartTest.of(Chart.render("external"), "NetworkPolicy"))
        .allSatisfy(
            policy ->
                assertThat(policy.at("/spec/egress").toString())
                    .contains("{\"ports\":[{\"port\":9096,\"protocol\":\"TCP\"}]"));
  }

  @Test
  void letsEachServiceSendItsTraces() {
    assertThat(ChartTest.of(Chart.render("ha"), "NetworkPolicy"))
        .allSatisfy(
            policy ->
                assertThat(policy.at("/spec/egress").toString())
                    .contains("\"port\":4317", "\"kubernetes.io/metadata.name\":\"monitoring\""));
  }

  private static Map<String, Set<String>> graph(String direction, String peers) {
    Map<String, Set<String>> graph = new TreeMap<>();
    for (JsonNode policy : ChartTest.of(Chart.render("locked-down"), "NetworkPolicy")) {
      Set<String> others = new TreeSet<>();
      for (JsonNode rule : policy.at("/spec/" + direction)) {
        rule.path(peers)
            .forEach(peer -> component(peer.path("podSelector")).ifPresent(others::add));
      }
      graph.put(component(policy.at("/spec/podSelector")).orElseThrow(), others);
    }
    return graph;
  }

  private static Optional<String> component(JsonNode selector) {
    JsonNode name = selector.at("/matchLabels/app.kubernetes.io~1component");
    return name.isMissingNode() ? Optional.empty() : Optional.of(name.asText());
  }

  /** What is in {@code common} runs in every service. */
  private static Map<String, Set<String>> calls() {
    Set<String> byAll = called("common");
    assertThat(byAll).isNotEmpty();
    Map<String, Set<String>> calls = new TreeMap<>();
    for (String service : Chart.SERVICES) {
      Set<String> names = called(service + "-service");
      names.addAll(byAll);
      calls.put(service, names);
    }
    return calls;
  }

  private static Set<String> called(String module) {
    try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
      Set<String> names = new TreeSet<>();
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
        String source = Files.readString(file);
        Matcher literals = NAME.matcher(CALLER.matcher(source).find() ? source : "");
        while (literals.find()) {
          names.add(literals.group(1));
        }
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
