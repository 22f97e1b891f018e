package dev.relayauth.stack.bench;

import dev.relayauth.stack.ServiceName;
import dev.relayauth.stack.demo.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The stack that is up: its credentials, and the ports and pids of its processes. */
record RunningStack(JsonObject credentials, JsonArray processes) {
  static RunningStack of(Path state) throws IOException {
    Path run = state.resolve("run.json");
    Path credentials = state.resolve("credentials.json");
    if (!Files.exists(run) || !Files.exists(credentials)) {
      throw new IOException("nothing runs in " + state + ": ./relayauth up first");
    }
    return new RunningStack(
        new JsonObject(Files.readString(credentials)),
        new JsonObject(Files.readString(run)).getJsonArray("processes"));
  }

  /** The port of the first replica of a service, or of Kafka. */
  int port(String name) {
    return find(name).getFirst().getInteger("port");
  }

  /** The ports of all replicas of a service. */
  List<Integer> ports(String name) {
    return find(name).stream().map(process -> process.getInteger("port")).toList();
  }

  /** The pids of all replicas of a service. */
  List<Long> pids(String name) {
    return find(name).stream().map(process -> process.getLong("pid")).toList();
  }

  /** The pids of all replicas of a service and of the processes that they started. */
  List<Long> pidsWithChildren(String name) {
    return pids(name).stream()
        .flatMap(
            pid ->
                Stream.concat(
                    Stream.of(pid),
                    ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(ProcessHandle::pid)))
        .toList();
  }

  /** Founds an organisation to measure with: it, and a key of its administrator. */
  JsonObject organization(String name) {
    return new Api(credentials.getString("baseUrl"), credentials.getString("platformKey"))
        .post("/v1/organizations", new JsonObject().put("name", name))
        .expect(201)
        .body();
  }

  /** Of the stack's own PostgreSQL. */
  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port("postgres") + "/relayauth";
  }

  /** The ports of all replicas of the services, by name. */
  Map<String, Integer> verifiers() {
    Map<String, Integer> ports = new TreeMap<>();
    for (ServiceName service : ServiceName.values()) {
      String name = service.name().toLowerCase(Locale.ROOT);
      find(name).forEach(each -> ports.put(each.getString("name"), each.getInteger("port")));
    }
    return ports;
  }

  /** The names of all replicas of a service. */
  List<String> names(String service) {
    return find(service).stream().map(process -> process.getString("name")).toList();
  }

  /** One process, by its name. */
  JsonObject process(String name) {
    return find(name).stream()
        .filter(each -> each.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonObject> find(String name) {
    List<JsonObject> found = new ArrayList<>();
    for (int i = 0; i < processes.size(); i++) {
      JsonObject process = processes.getJsonObject(i);
      String known = process.getString("name");
      if (known.equals(name) || known.startsWith(name + "-")) {
        found.add(process);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("the stack has no " + name);
    }
    return found;
  }
}
