package dev.relayauth.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker and its controller in this JVM, on the loopback address, with the topics that the
 * services share. Logs outlive the process and a {@code kill -9} of it.
 */
public final class LocalKafka implements Server {
  private static final int NODE_ID = 1;

  private final KafkaRaftServer broker;
  private final String address;

  private LocalKafka(KafkaRaftServer broker, String address) {
    this.broker = broker;
    this.address = address;
  }

  /**
   * Starts a broker on the logs in {@code directory}, formatting it the first time, and returns
   * when the topics exist.
   *
   * @param port 0 picks a free one
   * @param partitions of the audit topic
   * @throws IOException if the directory can't be formatted or a topic can't be created
   */
  public static LocalKafka start(Path directory, int port, int partitions)
      throws IOException, InterruptedException {
    return start(directory, port, partitions, UnaryOperator.identity());
  }

  /** The same, with settings that {@code changed} makes of the usual ones. */
  static LocalKafka start(
      Path directory, int port, int partitions, UnaryOperator<Map<String, String>> changed)
      throws IOException, InterruptedException {
    int chosen = FreePort.orAny(port);
    Path logs = directory.resolve("logs");
    if (!Files.exists(logs.resolve("meta.properties"))) {
      format(logs);
    }
    Map<String, String> settings = changed.apply(settings(logs, chosen, FreePort.orAny(0)));
    KafkaRaftServer broker = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    broker.startup();
    String address = "127.0.0.1:" + chosen;
    Topics.createMissing(address, partitions);
    return new LocalKafka(broker, address);
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public void awaitEnd() {
    broker.awaitShutdown();
  }

  @Override
  public void close() {
    broker.shutdown();
  }

  private static void format(Path logs) throws IOException {
    Files.createDirectories(logs);
    try {
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE_ID)
          .addDirectory(logs.toString())
          .setMetadataLogDirectory(logs.toString())
          .setControllerListenerName("CONTROLLER")
          .setPrintStream(System.err)
          .run();
    } catch (Exception e) {
      throw new IOException("can't format " + logs, e);
    }
  }

  private static Map<String, String> settings(Path logs, int port, int controllerPort) {
    return Stream.of(identity(logs, port, controllerPort), oneNode(), quickReturn(), smallMemory())
        .flatMap(group -> group.entrySet().stream())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> identity(Path logs, int port, int controllerPort) {
    String listener = "PLAINTEXT://127.0.0.1:" + port;
    String controller = "127.0.0.1:" + controllerPort;
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        "" + NODE_ID,
        "log.dirs",
        logs.toString(),
        "listeners",
        listener + ",CONTROLLER://" + controller,
        "advertised.listeners",
        listener,
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.listener.names",
        "CONTROLLER",
        "controller.quorum.voters",
        NODE_ID + "@" + controller);
  }

  private static Map<String, String> oneNode() {
    return Map.of(
        "auto.create.topics.enable", "false",
        "group.initial.rebalance.delay.ms", "0",
        "default.replication.factor", "1",
        "offsets.topic.replication.factor", "1",
        "offsets.topic.num.partitions", "1",
        "transaction.state.log.replication.factor", "1",
        "transaction.state.log.min.isr", "1",
        "transaction.state.log.num.partitions", "4",
        "share.coordinator.state.topic.replication.factor", "1",
        "share.coordinator.state.topic.num.partitions", "1");
  }

  /** After a kill the controller admits the broker again only when its old session has expired. */
  private static Map<String, String> quickReturn() {
    return Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "400");
  }

  private static Map<String, String> smallMemory() {
    return Map.of(
        "num.network.threads", "2",
        "num.io.threads", "2",
        "num.replica.fetchers", "1",
        "num.recovery.threads.per.data.dir", "1",
        "background.threads", "2",
        "log.cleaner.threads", "1",
        "log.cleaner.dedupe.buffer.size", "4194304",
        "log.cleaner.io.buffer.size", "131072",
        "log.index.size.max.bytes", "1048576");
  }

  /** The names of the shared topics, in no particular order. */
  public static List<String> topics() {
    return Topics.names();
  }
}
