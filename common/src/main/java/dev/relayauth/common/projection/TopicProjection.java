package dev.relayauth.common.projection;

import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.KafkaEvents;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a compacted topic from its beginning, without a consumer group, for as long as it runs. It
 * is caught up once it has passed the end that the topic had when reading began.
 */
public final class TopicProjection implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TopicProjection.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofMillis(300);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final String topic;
  private final List<FeedHandler> handlers;
  private final Map<String, Object> settings;
  private final AppliedSequence applied;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile boolean caughtUp;
  private volatile boolean broken;
  private volatile long behind;
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

  /** A projection of {@code topic} that tells {@code applied} how far it is. */
  public TopicProjection(
      String topic,
      List<FeedHandler> handlers,
      Map<String, Object> kafka,
      AppliedSequence applied) {
    this.topic = topic;
    this.handlers = List.copyOf(handlers);
    this.settings = settings(kafka);
    this.applied = applied;
    this.thread = Thread.ofPlatform().daemon().name("projection-" + topic).unstarted(this::run);
  }

  /** Starts reading. */
  public void start() {
    thread.start();
  }

  /**
   * Whether it has passed the end that the topic had when reading began, and nothing was
   * unreadable.
   */
  public boolean isCaughtUp() {
    return caughtUp && !broken;
  }

  /** Whether a record could not be read; then it stays so until someone looks. */
  public boolean isBroken() {
    return broken;
  }

  /** How many records the topic held beyond what had been read, when it was last asked. */
  public long behind() {
    return behind;
  }

  /** How far it is. */
  public AppliedSequence applied() {
    return applied;
  }

  @Override
  public void close() {
    running = false;
    KafkaConsumer<String, byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
  }

  private void run() {
    while (running && !broken) {
      try (KafkaConsumer<String, byte[]> opened =
          new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
        consumer = opened;
        follow(opened);
      } catch (WakeupException e) {
        LOG.debugf("the projection of %s stops", topic);
      } catch (KafkaException e) {
        LOG.warnf("the projection of %s pauses: %s", topic, e.getMessage());
        pause();
      }
    }
  }

  private void follow(KafkaConsumer<String, byte[]> reader) {
    List<TopicPartition> partitions = partitions(reader);
    reader.assign(partitions);
    reader.seekToBeginning(partitions);
    Map<TopicPartition, Long> end = reader.endOffsets(partitions);
    while (running && !broken) {
      ConsumerRecords<String, byte[]> records = reader.poll(POLL);
      for (ConsumerRecord<String, byte[]> message : records) {
        apply(message);
      }
      behind = lag(reader, partitions);
      if (!caughtUp && passed(reader, end)) {
        caughtUp = true;
        LOG.infof("the projection of %s is caught up at %d", topic, applied.get());
      }
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> reader) {
    List<PartitionInfo> found = reader.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new KafkaException("there is no topic " + topic);
    }
    return found.stream().map(part -> new TopicPartition(part.topic(), part.partition())).toList();
  }

  private static boolean passed(
      KafkaConsumer<String, byte[]> reader, Map<TopicPartition, Long> end) {
    return end.entrySet().stream().allMatch(e -> reader.position(e.getKey()) >= e.getValue());
  }

  private static long lag(KafkaConsumer<String, byte[]> reader, List<TopicPartition> partitions) {
    return partitions.stream().mapToLong(part -> reader.currentLag(part).orElse(0)).sum();
  }

  private void apply(ConsumerRecord<String, byte[]> message) {
    if (broken) {
      return;
    }
    try {
      CloudEvent event = KafkaEvents.fromRecord(message);
      for (FeedHandler handler : handlers) {
        handler.apply(event);
      }
      applied.advance(event.sequence());
    } catch (RuntimeException e) {
      broken = true;
      LOG.errorf(
          e, "%s offset %d can't be read: this replica fails closed", topic, message.offset());
    }
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
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    return settings;
  }
}
