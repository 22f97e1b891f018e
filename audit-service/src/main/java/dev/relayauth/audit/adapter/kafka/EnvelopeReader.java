package dev.relayauth.audit.adapter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.audit.domain.epoch.EpochSource;
import dev.relayauth.audit.domain.log.Received;
import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.IsoTimes;
import dev.relayauth.common.json.Json;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The CloudEvents attributes around a payload, of which none needs to be there. */
final class EnvelopeReader {
  private final Headers headers;
  private final String type;

  EnvelopeReader(Headers headers) {
    this.headers = headers;
    this.type = text("ce_type");
  }

  /** Whether a node speaks of its epoch. */
  boolean isOfEpoch() {
    return type.startsWith(AuditEpoch.TYPES);
  }

  /** A record with its number. */
  Received around(AuditRecord content) {
    String source = text("ce_source");
    long number = number(text("ce_sequence"));
    return number > 0 && !source.isEmpty()
        ? new Received(content, source, number)
        : Received.unnumbered(content);
  }

  /** What a node says; empty when it can't be read. */
  Optional<EpochReport> report(byte[] value) {
    AuditEpoch.@Nullable Phase phase = phase();
    Instant at = time();
    if (phase == null || at == null) {
      return Optional.empty();
    }
    try {
      long records = Json.read(value, AuditEpoch.class).records();
      return EpochSource.parse(text("ce_source"))
          .map(source -> new EpochReport(source, phase, records, at));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private AuditEpoch.@Nullable Phase phase() {
    return Arrays.stream(AuditEpoch.Phase.values())
        .filter(one -> one.eventType().equals(type))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Instant time() {
    try {
      return IsoTimes.parse(text("ce_time"));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private String text(String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > 18) {
      return 0;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      number = number * 10 + digit - '0';
    }
    return number;
  }
}
