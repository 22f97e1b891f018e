package dev.relayauth.common.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Ids as bytes, one after the other, in chunks; nothing stored is ever changed. */
final class NameStore {
  private static final int CHUNK_BITS = 16;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int HEADER = 2;

  private byte[][] chunks;
  private int end;

  /** A store with room for about that many bytes. */
  NameStore(long bytes) {
    chunks = new byte[(int) (bytes >>> CHUNK_BITS) + 1][];
  }

  /** Where the id is now stored. */
  int add(String id) {
    return add(id.getBytes(UTF_8));
  }

  int add(byte[] bytes) {
    int needed = HEADER + bytes.length;
    if (needed > CHUNK) {
      throw new IllegalArgumentException("no id is that long");
    }
    if ((end & (CHUNK - 1)) + needed > CHUNK || (end & (CHUNK - 1)) == 0 && end > 0) {
      end = (end + CHUNK - 1) & -CHUNK;
    }
    byte[] chunk = chunkAt(end >>> CHUNK_BITS);
    int at = end & (CHUNK - 1);
    chunk[at] = (byte) (bytes.length >>> 8);
    chunk[at + 1] = (byte) bytes.length;
    System.arraycopy(bytes, 0, chunk, at + HEADER, bytes.length);
    int stored = end;
    end += needed;
    return stored;
  }

  private byte[] chunkAt(int number) {
    if (number == chunks.length) {
      // A reader that still has the shorter array looks for nothing that is in the new chunk.
      chunks = java.util.Arrays.copyOf(chunks, number + Math.max(1, number / 4));
    }
    if (chunks[number] == null) {
      chunks[number] = new byte[CHUNK];
    }
    return chunks[number];
  }

  byte[] get(int stored) {
    byte[] chunk = chunks[stored >>> CHUNK_BITS];
    int at = stored & (CHUNK - 1);
    return java.util.Arrays.copyOfRange(chunk, at + HEADER, at + HEADER + length(chunk, at));
  }

  boolean holds(int stored, String id) {
    byte[] chunk = chunks[stored >>> CHUNK_BITS];
    int at = stored & (CHUNK - 1);
    int length = length(chunk, at);
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c >= 0x80) {
        return id.equals(new String(chunk, at + HEADER, length, UTF_8));
      }
      if (i >= length || chunk[at + HEADER + i] != c) {
        return false;
      }
    }
    return id.length() == length;
  }

  private static int length(byte[] chunk, int at) {
    return (chunk[at] & 0xFF) << 8 | (chunk[at + 1] & 0xFF);
  }
}
