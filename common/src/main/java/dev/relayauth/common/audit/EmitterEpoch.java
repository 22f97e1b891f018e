package dev.relayauth.common.audit;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.json.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;
import org.apache.kafka.common.KafkaException;

/**
 * The numbers of the records that one process has taken, without gaps: what is refused gives its
 * number to the next, so that a number which never arrives is a record that was lost.
 */
final class EmitterEpoch {
  private final InstantSource clock;
  private final String service;
  private final String node;
  private final Instant startedAt;
  private final String source;
  private final AtomicLong highest = new AtomicLong();
  private final Queue<Long> returned = new ConcurrentLinkedQueue<>();
  private final ReadWriteLock counting = new ReentrantReadWriteLock();
  private boolean ended;

  EmitterEpoch(RelayAuthConfig config, InstantSource clock) {
    this.clock = clock;
    this.service = config.service();
    this.node = config.node();
    this.startedAt = Instant.ofEpochMilli(clock.millis());
    this.source = "/relayauth/" + service + "/" + node + "/" + startedAt.toEpochMilli();
  }

  String source() {
    return source;
  }

  /**
   * Offers the next number to what may be taken; false when it isn't.
   *
   * @throws KafkaException when the epoch has ended
   */
  boolean take(LongPredicate taker) {
    counting.readLock().lock();
    try {
      if (ended) {
        throw new KafkaException("this node takes no more records");
      }
      return takeNext(taker);
    } finally {
      counting.readLock().unlock();
    }
  }

  /** Says how many were taken, exactly. */
  CloudEvent event(AuditEpoch.Phase phase) {
    counting.writeLock().lock();
    try {
      ended |= phase == AuditEpoch.Phase.closed;
      return event(phase, highest.get() - returned.size());
    } finally {
      counting.writeLock().unlock();
    }
  }

  private boolean takeNext(LongPredicate taker) {
    Long free = returned.poll();
    long number = free == null ? highest.incrementAndGet() : free;
    boolean taken = false;
    try {
      taken = taker.test(number);
      return taken;
    } finally {
      if (!taken) {
        returned.add(number);
      }
    }
  }

  private CloudEvent event(AuditEpoch.Phase phase, long records) {
    Instant now = clock.instant();
    return new CloudEvent(
        phase == AuditEpoch.Phase.counted ? phase.name() + "-" + now.toEpochMilli() : phase.name(),
        source,
        phase.eventType(),
        node,
        source,
        now,
        records,
        null,
        Json.write(new AuditEpoch(source, service, node, startedAt, records)));
  }
}
