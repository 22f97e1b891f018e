package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.audit.domain.log.Received;
import dev.relayauth.common.event.AuditRecord;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads audit records from messages. */
@Singleton
final class RecordReader {
  private static final Duration OLDEST = Duration.ofDays(3650);
  private static final Duration NEWEST = Duration.ofDays(2);
  private static final int MAX_NAME = 256;

  private final InstantSource clock;

  RecordReader(InstantSource clock) {
    this.clock = clock;
  }

  /** What a message is. */
  sealed interface Outcome {
    /** A record of ours. */
    record Readable(Received received) implements Outcome {}

    /** What a node says of its epoch. */
    record OfEpoch(EpochReport report) implements Outcome {}

    /** Something else. */
    record Unreadable(String reason) implements Outcome {}
  }

  Outcome read(ConsumerRecord<String, byte[]> message) {
    byte[] value = message.value();
    if (value == null) {
      return new Outcome.Unreadable("no payload");
    }
    try {
      EnvelopeReader envelope = new EnvelopeReader(message.headers());
      if (envelope.isOfEpoch()) {
        return ofEpoch(envelope, value);
      }
      AuditRecord content = RecordParser.parse(value);
      return isComplete(content)
          ? new Outcome.Readable(envelope.around(content))
          : new Outcome.Unreadable("a member is missing, too long, or out of range");
    } catch (IOException e) {
      return new Outcome.Unreadable("not an audit record: " + e.getMessage());
    }
  }

  private Outcome ofEpoch(EnvelopeReader envelope, byte[] value) {
    return envelope
        .report(value)
        .filter(report -> report.records() >= 0 && isInRange(report.at()))
        .<Outcome>map(Outcome.OfEpoch::new)
        .orElseGet(() -> new Outcome.Unreadable("not what a node says of its epoch"));
  }

  private boolean isComplete(AuditRecord content) {
    return isName(content.id())
        && isName(content.orgId())
        && isName(content.action())
        && content.action().indexOf('.') > 0
        && isInRange(content.timestamp());
  }

  private static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_NAME) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isInRange(Instant timestamp) {
    Instant now = clock.instant();
    return timestamp.isAfter(now.minus(OLDEST)) && timestamp.isBefore(now.plus(NEWEST));
  }
}
