package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How each process of the stack is run: its command line, its configuration, its readiness. */
final class Blueprint {
  private static final int POSTGRES_KEEPER_HEAP = 24;
  private static final int KAFKA_HEAP = 160;
  private static final int SERVICE_HEAP = 128;

  /** Names the most heap of a service in MB, for fleets that the default doesn't hold. */
  private static final String HEAP_VARIABLE = "RELAYAUTH_SERVICE_HEAP_MB";

  private final StateDirectory state;
  private final Packages packages;
  private final Storage storage;
  private final Secrets secrets;
  private final ServiceKeys keys;
  private final JavaCommand java;
  private final Map<ServiceName, String> urls;
  private final String baseUrl;
  private final int webhookReceiver;

  /**
   * @param urls where the services reach each other
   * @param baseUrl where clients reach them all
   * @param webhookReceiver the one loopback port that webhooks may be sent to
   */
  Blueprint(
      StateDirectory state,
      Packages packages,
      Storage storage,
      Secrets secrets,
      JavaCommand java,
      Map<ServiceName, String> urls,
      String baseUrl,
      int webhookReceiver) {
    this.state = state;
    this.packages = packages;
    this.storage = storage;
    this.secrets = secrets;
    this.keys = new ServiceKeys(state.internal());
    this.java = java;
    this.urls = Map.copyOf(urls);
    this.baseUrl = baseUrl;
    this.webhookReceiver = webhookReceiver;
  }

  ProcessSpec postgres() {
    return local("postgres", storage.postgresPort(), POSTGRES_KEEPER_HEAP, new AotCache.None());
  }

  ProcessSpec kafka() {
    return local("kafka", storage.kafkaPort(), KAFKA_HEAP, packages.kafkaCache());
  }

  /** Creates the topics that a Kafka which isn't ours may lack, and ends. */
  List<String> topicCreation() {
    List<String> command =
        new ArrayList<>(java.jar(packages.localJar(), KAFKA_HEAP, new AotCache.None(), List.of()));
    command.addAll(List.of("topics", "--bootstrap", storage.bootstrap()));
    return command;
  }

  ProcessSpec service(ServiceName service, String node, int port) {
    List<String> command =
        java.jar(
            packages.serviceJar(service),
            serviceHeap(),
            packages.serviceCache(service),
            List.of("-Drelayauth.node=" + node));
    return new ProcessSpec(
        node,
        port,
        command,
        environment(service, port),
        log(node),
        pid -> HttpProbe.isOk(port, "/q/health/ready"));
  }

  private static int serviceHeap() {
    String wanted = System.getenv(HEAP_VARIABLE);
    return wanted == null ? SERVICE_HEAP : Integer.parseInt(wanted);
  }

  private ProcessSpec local(String name, int port, int heap, AotCache cache) {
    Path readyFile = state.root().resolve(name + ".ready");
    List<String> command = new ArrayList<>(java.jar(packages.localJar(), heap, cache, List.of()));
    command.addAll(
        List.of(
            name,
            "--dir",
            state.root().resolve(name).toString(),
            "--port",
            Integer.toString(port),
            "--parent",
            Long.toString(ProcessHandle.current().pid()),
            "--ready-file",
            readyFile.toString()));
    return new ProcessSpec(name, port, command, Map.of(), log(name), pid -> holds(readyFile, pid));
  }

  private Map<String, String> environment(ServiceName service, int port) {
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", storage.jdbcUrl());
    environment.put("QUARKUS_DATASOURCE_USERNAME", storage.user());
    environment.put("QUARKUS_DATASOURCE_PASSWORD", storage.password());
    environment.put("KAFKA_BOOTSTRAP_SERVERS", storage.bootstrap());
    environment.put("RELAYAUTH_ISSUER", baseUrl);
    urls.forEach((other, url) -> environment.put("RELAYAUTH_URLS_" + other.name(), url));
    environment.put("RELAYAUTH_INTERNAL_PRIVATE_KEY_FILE", keys.privateKey(service).toString());
    environment.put("RELAYAUTH_INTERNAL_TRUSTED_KEYS_FILE", keys.trusted().toString());
    environment.put("RELAYAUTH_PLATFORM_KEY_HASH", secrets.platformKeyHash());
    environment.put("RELAYAUTH_REVISION_KEY", secrets.revisionKey());
    if (service == ServiceName.TOKEN) {
      environment.put("RELAYAUTH_TOKEN_KEY_ENCRYPTION_KEY", secrets.keyEncryptionKey());
      environment.put("RELAYAUTH_TOKEN_REFRESH_KEY", secrets.refreshKey());
    }
    if (service == ServiceName.AUDIT) {
      environment.put("RELAYAUTH_AUDIT_KEY_ENCRYPTION_KEY", secrets.auditKeyEncryptionKey());
      environment.put("RELAYAUTH_AUDIT_WEBHOOKS_ALLOWED_PRIVATE", "127.0.0.1:" + webhookReceiver);
    }
    // Fewer arenas of the C library keep a small process small.
    environment.put("MALLOC_ARENA_MAX", "2");
    return environment;
  }

  private Path log(String name) {
    return state.logs().resolve(name + ".log");
  }

  private static boolean holds(Path readyFile, long pid) {
    try {
      return Files.exists(readyFile) && Files.readString(readyFile).equals(Long.toString(pid));
    } catch (IOException beingWritten) {
      return false;
    }
  }
}
