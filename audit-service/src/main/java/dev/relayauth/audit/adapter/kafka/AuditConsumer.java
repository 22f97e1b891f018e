package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.domain.log.LogSink;
import dev.relayauth.audit.domain.log.LogSink.Span;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.outbox.StorageException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit topic into the log: no group, but leased partitions, from the offsets that are
 * committed with the rows. Whatever goes wrong, it starts again from those.
 */
@Singleton
public final class AuditConsumer {
  private static final Logger LOG = Logger.getLogger(AuditConsumer.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofMillis(300);
  private static final long RENEW_NANOS = Duration.ofSeconds(1).toNanos();
  private static final ThreadFactory WRITER =
      Thread.ofPlatform().daemon().name("audit-writer").factory();
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int BATCH = 10_000;

  /** What is worth a transaction of its own; less waits this long for more to come. */
  private static final int ENOUGH_BYTES = 64 * 1024;

  /** Of one partition at once. */
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final int LINGER_MILLIS = 100;

  /** Whoever holds it reads what nodes say of their epochs as well. */
  private static final int FIRST = 0;

  private final DataSource dataSource;
  private final Map<String, Object> settings;
  private final LogSink sink;
  private final Ingest ingest;
  private final AtomicLong lag;
  private final String node;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private Future<?> storing = CompletableFuture.completedFuture(null);
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  AuditConsumer(
      DataSource dataSource,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      LogSink sink,
      Ingest ingest,
      RelayAuthConfig config,
      MeterRegistry metrics) {
    this.dataSource = dataSource;
    this.settings = settings(kafka);
    this.sink = sink;
    this.ingest = ingest;
    this.node = config.node();
    this.lag = metrics.gauge("relayauth.audit.lag.records", new AtomicLong());
  }

  void start(@Observes StartupEvent event) {
    start();
  }

  void stop(@Observes ShutdownEvent event) {
    stop();
  }

  /** Begins to read. */
  public synchronized void start() {
    running = true;
    Thread reader = Thread.ofPlatform().daemon().name("audit-consumer").unstarted(this::run);
    thread = reader;
    reader.start();
  }

  /** Finishes the batch in hand and stops reading. */
  public synchronized void stop() {
    running = false;
    Thread reader = thread;
    try {
      if (reader != null && !reader.join(Duration.ofSeconds(10))) {
        reader.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (running) {
      try (PartitionLeases leases = new PartitionLeases(dataSource, node);
          KafkaConsumer<String, byte[]> consumer =
              new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
          ExecutorService writer = Executors.newSingleThreadExecutor(WRITER)) {
        follow(consumer, leases, writer);
      } catch (WakeupException e) {
        LOG.debug("the audit consumer stops");
      } catch (SQLException | KafkaException | StorageException e) {
        LOG.warnf("the audit consumer starts again: %s", e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.error("the audit consumer failed and starts again", e);
        pause();
      }
    }
  }

  private void follow(
      KafkaConsumer<String, byte[]> consumer, PartitionLeases leases, ExecutorService writer)
      throws SQLException {
    positions.clear();
    storing = CompletableFuture.completedFuture(null);
    long renewedAt = System.nanoTime() - RENEW_NANOS;
    while (running) {
      if (System.nanoTime() - renewedAt >= RENEW_NANOS) {
        renewedAt = System.nanoTime();
        // Nothing may be on its way from a partition that is given back.
        awaitStored();
        assign(consumer, leases.renew(partitions(consumer)));
      }
      if (positions.isEmpty()) {
        pause();
      } else {
        poll(consumer, writer);
      }
    }
    awaitStored();
  }

  /** Reads one batch while the one before it is stored. */
  private void poll(KafkaConsumer<String, byte[]> consumer, ExecutorService writer) {
    try {
      ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
      if (polled.isEmpty()) {
        awaitStored();
      } else {
        Ingest.Ready ready = ingest.read(batch(consumer, polled));
        awaitStored();
        storing = writer.submit(() -> ingest.store(ready));
        positions.replaceAll((partition, at) -> consumer.position(partition));
      }
      lag.set(positions.keySet().stream().mapToLong(p -> consumer.currentLag(p).orElse(0)).sum());
    } catch (OffsetOutOfRangeException e) {
      e.offsetOutOfRangePartitions().keySet().forEach(partition -> reset(consumer, partition));
    }
  }

  private void awaitStored() {
    try {
      storing.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  private Ingest.Batch batch(
      KafkaConsumer<String, byte[]> consumer, ConsumerRecords<String, byte[]> polled) {
    List<ConsumerRecord<String, byte[]>> messages = new ArrayList<>(polled.count());
    List<Span> spans = new ArrayList<>();
    for (TopicPartition part : polled.partitions()) {
      messages.addAll(polled.records(part));
      long from = positions.getOrDefault(part, 0L);
      spans.add(new Span(part.topic(), part.partition(), from, consumer.position(part)));
    }
    return new Ingest.Batch(messages, spans);
  }

  private void assign(KafkaConsumer<String, byte[]> consumer, Set<Integer> held) {
    List<TopicPartition> owned = new ArrayList<>();
    held.forEach(number -> owned.add(new TopicPartition(Topics.AUDIT, number)));
    if (held.contains(FIRST)) {
      owned.add(new TopicPartition(Topics.AUDIT_EPOCH, FIRST));
    }
    if (positions.keySet().equals(Set.copyOf(owned))) {
      return;
    }
    positions.clear();
    consumer.assign(owned);
    for (TopicPartition part : owned) {
      OptionalLong next = sink.offset(part.topic(), part.partition());
      if (next.isPresent()) {
        consumer.seek(part, next.getAsLong());
      } else {
        consumer.seekToBeginning(List.of(part));
      }
    }
    // Only now: asking for one position fetches all, and none may be without a place to read from.
    owned.forEach(part -> positions.put(part, consumer.position(part)));
    LOG.infof("this replica reads partitions %s of the audit topic", held);
  }

  private void reset(KafkaConsumer<String, byte[]> consumer, TopicPartition part) {
    long missed = positions.getOrDefault(part, 0L);
    consumer.seekToBeginning(List.of(part));
    long next = consumer.position(part);
    LOG.errorf("%s has nothing at offset %d any more: reading on from %d", part, missed, next);
    sink.reset(part.topic(), part.partition(), next);
    positions.put(part, next);
  }

  private static List<Integer> partitions(KafkaConsumer<String, byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(Topics.AUDIT);
    if (found == null || found.isEmpty()) {
      throw new KafkaException("there is no audit topic");
    }
    return found.stream().map(PartitionInfo::partition).toList();
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> settings(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // A gap must be seen, not passed over.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MOST_BYTES);
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, ENOUGH_BYTES);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LINGER_MILLIS);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return settings;
  }
}
