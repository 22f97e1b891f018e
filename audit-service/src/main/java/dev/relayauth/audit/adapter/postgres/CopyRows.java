package dev.relayauth.audit.adapter.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.audit.domain.tree.LeafContent;
import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the binary form of COPY (PostgreSQL manual, COPY, "Binary Format"). The leaf index comes
 * first and is filled in last, when the tree is locked and all else is ready.
 */
final class CopyRows {
  /** The columns, in the order of {@link #add}. */
  static final String COLUMNS =
      "leaf_index, leaf_salt, id, org, action, identity_id, workspace_id, plane, resource, result,"
          + " sponsor_id, sponsor_chain, metadata, ip, user_agent, request_id, trace_id, token_id,"
          + " session_id, timestamp";

  private static final short FIELDS = 20;
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int TEXT_OID = 25;
  private static final int NULL = -1;
  private static final int ROOM = 640;
  private static final long EPOCH_2000 = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

  private byte[] bytes;
  private final int[] starts;
  private int length;
  private int rows;

  CopyRows(int rows) {
    bytes = new byte[SIGNATURE.length + rows * ROOM + 2];
    starts = new int[rows];
    raw(SIGNATURE);
  }

  void add(AuditRecord row, byte[] salt) {
    number(FIELDS, Short.BYTES);
    number(Long.BYTES, Integer.BYTES);
    starts[rows++] = length;
    number(0, Long.BYTES);
    field(salt);
    text(row.id()).text(row.orgId()).text(row.action()).text(row.identityId());
    text(row.workspaceId()).text(row.plane()).text(row.resource()).text(row.result().name());
    text(row.sponsorId()).array(row.sponsorChain());
    text(LeafContent.canonical(row.metadata()));
    text(row.ip()).text(row.userAgent()).text(row.requestId()).text(row.traceId());
    text(row.tokenId()).text(row.metadata().get("sessionId"));
    number(Long.BYTES, Integer.BYTES);
    number(micros(row.timestamp()), Long.BYTES);
  }

  /** Fills the leaf index of a row in. */
  void index(int row, long leafIndex) {
    int end = length;
    length = starts[row];
    number(leafIndex, Long.BYTES);
    length = end;
  }

  /** Ends the rows; how many bytes of {@link #bytes} count. */
  int end() {
    number(NULL, Short.BYTES);
    length -= Short.BYTES;
    return length + Short.BYTES;
  }

  byte[] bytes() {
    return bytes;
  }

  private static long micros(Instant instant) {
    return (instant.getEpochSecond() - EPOCH_2000) * 1_000_000 + instant.getNano() / 1_000;
  }

  private CopyRows text(@Nullable String value) {
    return value == null ? number(NULL, Integer.BYTES) : field(value.getBytes(UTF_8));
  }

  private CopyRows field(byte[] value) {
    return number(value.length, Integer.BYTES).raw(value);
  }

  /** One dimension of text, or none when it is empty. */
  private void array(List<String> values) {
    int lengthAt = length;
    number(0, Integer.BYTES);
    number(values.isEmpty() ? 0 : 1, Integer.BYTES).number(0, Integer.BYTES);
    number(TEXT_OID, Integer.BYTES);
    if (!values.isEmpty()) {
      number(values.size(), Integer.BYTES).number(1, Integer.BYTES);
      values.forEach(this::text);
    }
    int end = length;
    length = lengthAt;
    number(end - lengthAt - Integer.BYTES, Integer.BYTES);
    length = end;
  }

  private CopyRows number(long value, int width) {
    room(width);
    for (int shift = (width - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (value >> shift);
    }
    return this;
  }

  private CopyRows raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
