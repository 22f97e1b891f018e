package dev.relayauth.common.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Appends many rows to the outbox in one go, in PostgreSQL's binary COPY format: a cascade over a
 * large tree writes tens of thousands, and inserts of as many parameters take several times as
 * long.
 */
final class OutboxCopy {
  private static final String COPY =
      """
      copy outbox (seq, topic, key, id, source, type, subject, time, traceparent, data)
      from stdin (format binary)
      """;
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  /** PostgreSQL counts microseconds from here. */
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private static final int COLUMNS = 10;
  private static final int CHUNK = 64 * 1024;

  private final CopyIn copy;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * CHUNK);
  private final DataOutputStream out = new DataOutputStream(bytes);

  private OutboxCopy(CopyIn copy) {
    this.copy = copy;
  }

  /** Begins; nothing is there before {@link #end}. */
  static OutboxCopy begin(Connection connection) throws SQLException {
    OutboxCopy copy =
        new OutboxCopy(connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY));
    copy.write(
        () -> {
          copy.out.write(SIGNATURE);
          copy.out.writeInt(0);
          copy.out.writeInt(0);
        });
    return copy;
  }

  void add(long sequence, OutboxEvent event, byte @Nullable [] data) throws SQLException {
    write(
        () -> {
          out.writeShort(COLUMNS);
          number(sequence);
          text(event.topic());
          text(event.key());
          text(event.id());
          text(event.source());
          text(event.type());
          text(event.subject());
          number(ChronoUnit.MICROS.between(EPOCH, event.time()));
          text(event.traceparent());
          field(data);
        });
    if (bytes.size() >= CHUNK) {
      flush();
    }
  }

  void end() throws SQLException {
    write(() -> out.writeShort(-1));
    flush();
    copy.endCopy();
  }

  private void number(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private void text(@Nullable String value) throws IOException {
    field(value == null ? null : value.getBytes(UTF_8));
  }

  private void field(byte @Nullable [] value) throws IOException {
    out.writeInt(value == null ? -1 : value.length);
    if (value != null) {
      out.write(value);
    }
  }

  private void flush() throws SQLException {
    byte[] chunk = bytes.toByteArray();
    bytes.reset();
    copy.writeToCopy(chunk, 0, chunk.length);
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't be written to", e);
    }
  }
}
