package dev.relayauth.common.audit;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.KafkaEvents;
import dev.relayauth.common.event.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records that no transaction carries: decisions and uses of credentials. Never blocks.
 * Records wait in a bounded buffer until the broker has them; each carries the number it has in
 * this epoch of the node, which says that it opened, still lives and closed, so that a loss shows.
 */
@Singleton
public final class AuditEmitter {
  private static final Logger LOG = Logger.getLogger(AuditEmitter.class);
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofMillis(100);
  private static final Duration REPORT = Duration.ofMinutes(1);

  private final KafkaProducer<String, byte[]> producer;
  private final EmitterEpoch epoch;
  private final boolean strict;
  private final Set<String> strictOrganizations;
  private final StrictOrganizations chosen;
  private final boolean lingers;
  private final BufferQuota quota;
  private final Counter refused;
  private final Counter lost;
  private final ExecutorService hurry =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("audit-hurry").factory());
  private final AtomicBoolean hurries = new AtomicBoolean();
  private volatile @Nullable Thread reporter;

  AuditEmitter(
      RelayAuthConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      StrictOrganizations chosen,
      InstantSource clock,
      MeterRegistry metrics) {
    this.producer =
        new KafkaProducer<>(
            settings(config, kafka), new StringSerializer(), new ByteArraySerializer());
    this.epoch = new EmitterEpoch(config, clock);
    this.chosen = chosen;
    RelayAuthConfig.Audit audit = config.audit();
    this.strict = audit.strict();
    this.strictOrganizations = Set.copyOf(audit.strictOrganizations().orElse(Set.of()));
    this.lingers = !isAnyStrict(audit);
    this.quota = new BufferQuota(audit.organizationBytes().orElse(audit.bufferBytes() / 2));
    this.refused = metrics.counter("relayauth.audit.refused");
    this.lost = metrics.counter("relayauth.audit.lost");
  }

  void start(@Observes StartupEvent event) {
    // The first send must not wait for metadata, nor be refused for want of it.
    reporter = Thread.ofVirtual().name("audit-epoch").start(this::report);
  }

  /** Hands over what is buffered, late, after the last request, and closes the epoch. */
  void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
    Thread reports = reporter;
    if (reports != null) {
      reports.interrupt();
    }
    hurry.shutdown();
    CloudEvent closing = epoch.event(AuditEpoch.Phase.closed);
    flush();
    close(closing);
    producer.close(FLUSH);
  }

  /** A producer that has not heard of the topic yet takes nothing at first. */
  private void close(CloudEvent closing) {
    long giveUp = System.nanoTime() + CLOSE.toNanos();
    boolean waits = true;
    while (!publish(closing) && waits) {
      waits = System.nanoTime() < giveUp && pause(RETRY);
    }
  }

  /** Whether a permit of that organisation must wait for {@link #send} to complete. */
  public boolean isStrict(String org) {
    return strict || strictOrganizations.contains(org) || chosen.contains(org);
  }

  /**
   * Takes a record. False when the buffer, or its organisation's share of it, is full, or the
   * broker has not been reached yet: then nothing may be permitted that the record was to tell of.
   */
  public boolean offer(AuditRecord auditRecord, @Nullable String traceparent) {
    return take(auditRecord, traceparent, failure -> {});
  }

  /** Takes a record; completes once the broker has it, fails when it was not taken or is lost. */
  public CompletableFuture<Void> send(AuditRecord auditRecord, @Nullable String traceparent) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    boolean taken =
        take(
            auditRecord,
            traceparent,
            failure -> {
              if (failure == null) {
                acknowledged.complete(null);
              } else {
                acknowledged.completeExceptionally(failure);
              }
            });
    if (taken) {
      hasten();
    } else {
      acknowledged.completeExceptionally(new BufferExhaustedException("the record was not taken"));
    }
    return acknowledged;
  }

  /** Takes a record, and says what became of it; null when the broker has it. */
  private boolean take(
      AuditRecord auditRecord,
      @Nullable String traceparent,
      Consumer<@Nullable Exception> becoming) {
    String time = auditRecord.timestamp().toString();
    byte[] data = AuditRecordJson.write(auditRecord, time);
    String org = auditRecord.orgId();
    if (!quota.take(org, data.length)) {
      refused.increment();
      return false;
    }
    try {
      return epoch.take(
          number ->
              enqueue(
                  KafkaEvents.toRecord(
                      Topics.AUDIT, event(auditRecord, traceparent, data, number), time),
                  org,
                  data.length,
                  becoming));
    } catch (KafkaException e) {
      quota.release(org, data.length);
      refused.increment();
      return false;
    }
  }

  private boolean enqueue(
      ProducerRecord<String, byte[]> message,
      String org,
      int bytes,
      Consumer<@Nullable Exception> becoming) {
    Future<RecordMetadata> sent =
        producer.send(
            message,
            (metadata, failure) -> {
              quota.release(org, bytes);
              count(failure);
              becoming.accept(failure);
            });
    // What has no room fails at once, by the callback.
    return sent.state() != Future.State.FAILED;
  }

  /** Nothing times out but the wait for room, which takes no time. */
  private void count(@Nullable Exception failure) {
    if (failure instanceof TimeoutException) {
      refused.increment();
    } else if (failure != null) {
      lost.increment();
    }
  }

  private CloudEvent event(
      AuditRecord auditRecord, @Nullable String traceparent, byte[] data, long number) {
    return new CloudEvent(
        auditRecord.id(),
        epoch.source(),
        auditRecord.eventType(),
        auditRecord.subject(),
        auditRecord.orgId(),
        auditRecord.timestamp(),
        number,
        traceparent,
        data);
  }

  /** Has what somebody waits for leave now, with all that has come until then. */
  private void hasten() {
    if (lingers && hurries.compareAndSet(false, true)) {
      try {
        hurry.execute(
            () -> {
              hurries.set(false);
              producer.flush();
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("stopping, which flushes as well");
      }
    }
  }

  /** The first send must know of the topic already; then the epoch is open. */
  private void report() {
    while (!isTopicKnown() || !publish(epoch.event(AuditEpoch.Phase.opened))) {
      if (!pause(RETRY)) {
        return;
      }
    }
    while (pause(REPORT)) {
      publish(epoch.event(AuditEpoch.Phase.counted));
    }
  }

  private boolean isTopicKnown() {
    try {
      producer.partitionsFor(Topics.AUDIT);
      return true;
    } catch (KafkaException e) {
      LOG.debugf("the audit topic is not there yet: %s", e.getMessage());
      return false;
    }
  }

  /** False when it is not taken; a closing that isn't leaves the epoch unclosed. */
  private boolean publish(CloudEvent event) {
    try {
      Future<RecordMetadata> sent = producer.send(KafkaEvents.toRecord(Topics.AUDIT_EPOCH, event));
      return sent.state() != Future.State.FAILED;
    } catch (KafkaException | IllegalStateException e) {
      LOG.debugf("%s is not told: %s", event.type(), e.getMessage());
      return false;
    }
  }

  private void flush() {
    try {
      if (!Thread.ofVirtual().name("audit-flush").start(producer::flush).join(FLUSH)) {
        LOG.warn("the broker does not have every audit record yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isAnyStrict(RelayAuthConfig.Audit audit) {
    return audit.strict() || audit.strictOrganizations().isPresent();
  }

  private static Map<String, Object> settings(RelayAuthConfig config, Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "relayauth-" + config.node() + "-audit");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Where nobody waits, fuller batches spare the broker and us most of the work.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, isAnyStrict(config.audit()) ? 5 : 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, config.audit().bufferBytes());
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    // Never forget the topic while idle: the next send could not wait to learn of it again.
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
    // Nor when every broker is away: what it knows of the topic is what lets records wait.
    settings.put(
        CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    // What was taken is kept until the broker is back.
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return settings;
  }
}
