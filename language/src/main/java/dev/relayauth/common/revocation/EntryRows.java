package dev.relayauth.common.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Rows one after the other, in chunks: value, expiry, organisation and id of an entry side by side,
 * so that whoever finds one reads a single place of memory. Value and expiry may change, nothing
 * else does.
 */
final class EntryRows {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int CHUNK_BITS = 13;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int EXPIRY = 1;
  private static final int ORG_AND_LENGTH = 2;
  private static final int ID = 3;

  private long[][] chunks;
  private int end;

  /** Room for about that many longs. */
  EntryRows(long longs) {
    chunks = new long[(int) (longs >>> CHUNK_BITS) + 1][];
  }

  /** Where the row is now stored. */
  int add(long value, long expiry, int org, String id) {
    byte[] bytes = id.getBytes(UTF_8);
    int needed = ID + (bytes.length + Long.BYTES - 1) / Long.BYTES;
    if (needed > CHUNK) {
      throw new IllegalArgumentException("no id is that long");
    }
    if ((end & (CHUNK - 1)) + needed > CHUNK) {
      end = (end + CHUNK - 1) & -CHUNK;
    }
    long[] chunk = chunkAt(end >>> CHUNK_BITS);
    int at = end & (CHUNK - 1);
    chunk[at] = value;
    chunk[at + EXPIRY] = expiry;
    chunk[at + ORG_AND_LENGTH] = (long) org << Integer.SIZE | bytes.length;
    for (int i = 0; i < bytes.length; i++) {
      chunk[at + ID + i / Long.BYTES] |= (bytes[i] & 0xFFL) << i * Byte.SIZE;
    }
    int row = end;
    end += needed;
    return row;
  }

  private long[] chunkAt(int number) {
    if (number == chunks.length) {
      // A reader that still has the shorter array looks for nothing that is in the new chunk.
      chunks = Arrays.copyOf(chunks, number + Math.max(1, number / 4));
    }
    if (chunks[number] == null) {
      chunks[number] = new long[CHUNK];
    }
    return chunks[number];
  }

  long value(int row) {
    return (long) LONGS.getAcquire(chunks[row >>> CHUNK_BITS], row & (CHUNK - 1));
  }

  long expiry(int row) {
    return (long) LONGS.getAcquire(chunks[row >>> CHUNK_BITS], (row & (CHUNK - 1)) + EXPIRY);
  }

  int org(int row) {
    return (int)
        (chunks[row >>> CHUNK_BITS][(row & (CHUNK - 1)) + ORG_AND_LENGTH] >>> Integer.SIZE);
  }

  /** The expiry first: who sees the new value sees no older expiry. */
  void set(int row, long value, long expiry) {
    long[] chunk = chunks[row >>> CHUNK_BITS];
    int at = row & (CHUNK - 1);
    LONGS.setRelease(chunk, at + EXPIRY, expiry);
    LONGS.setRelease(chunk, at, value);
  }

  String id(int row) {
    long[] chunk = chunks[row >>> CHUNK_BITS];
    int at = row & (CHUNK - 1);
    byte[] bytes = new byte[(int) chunk[at + ORG_AND_LENGTH]];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (chunk[at + ID + i / Long.BYTES] >>> i * Byte.SIZE);
    }
    return new String(bytes, UTF_8);
  }

  /** Whether the id of that row is this one. */
  boolean holds(int row, String id) {
    long[] chunk = chunks[row >>> CHUNK_BITS];
    int at = row & (CHUNK - 1);
    int length = id.length();
    for (int i = 0, word = at + ID; i < length; i += Long.BYTES, word++) {
      int until = Math.min(length, i + Long.BYTES);
      long letters = 0;
      for (int j = i; j < until; j++) {
        char letter = id.charAt(j);
        if (letter >= 0x80) {
          return id.equals(id(row));
        }
        letters |= (long) letter << j * Byte.SIZE;
      }
      if (word == CHUNK || chunk[word] != letters) {
        return false;
      }
    }
    return (int) chunk[at + ORG_AND_LENGTH] == length;
  }
}
