package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.stack.ServiceName;
import dev.relayauth.stack.demo.Demo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The NetworkPolicies let through every call that the services were seen to make. */
class CallGraphIT {
  private static final Pattern CALLS =
      Pattern.compile("relayauth_internal_calls_total\\{.*?caller=\"([a-z]+)\".*?} ([0-9.E]+)");
  private static final Pattern ALLOWED = Pattern.compile("(?m)^([a-z]+): \\[([a-z, ]+)]$");

  private static WholeStack stack;

  @BeforeAll
  static void start() {
    stack = WholeStack.shared();
  }

  @Test
  void allowsEveryCallThatWasObservedWhileTheStoryRan() throws Exception {
    Demo.main(new String[] {"--state", stack.state().toString()});

    Map<String, Set<String>> observed = observed();
    Map<String, Set<String>> allowed = allowed();

    assertThat(observed.keySet())
        .containsExactlyInAnyOrder("identity", "token", "policy", "audit", "revocation");
    observed.forEach(
        (caller, callees) -> assertThat(allowed.get(caller)).as(caller).containsAll(callees));
  }

  /** Who called whom, as those who were called have counted. */
  private static Map<String, Set<String>> observed() throws IOException, InterruptedException {
    Map<String, Set<String>> graph = new TreeMap<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (ServiceName callee : ServiceName.values()) {
        URI metrics =
            URI.create("http://127.0.0.1:" + stack.port(callee.slug() + "-1") + "/q/metrics");
        String page =
            client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
        Matcher calls = CALLS.matcher(page);
        while (calls.find()) {
          graph.computeIfAbsent(calls.group(1), name -> new TreeSet<>()).add(callee.slug());
        }
      }
    }
    return graph;
  }

  /** Who may call whom: what the chart makes its NetworkPolicies of. */
  private static Map<String, Set<String>> allowed() throws IOException {
    String helpers =
        Files.readString(WholeStack.root().resolve("k8s/chart/relayauth/templates/_helpers.tpl"));
    String start = "define \"relayauth.calls\"";
    int from = helpers.indexOf(start);
    String block = helpers.substring(from, helpers.indexOf("{{- end -}}", from));
    return ALLOWED
        .matcher(block)
        .results()
        .collect(
            Collectors.toMap(
                found -> found.group(1), found -> Set.copyOf(List.of(found.group(2).split(", ")))));
  }
}
