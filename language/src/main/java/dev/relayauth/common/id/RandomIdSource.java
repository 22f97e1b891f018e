package dev.relayauth.common.id;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Identifiers of 128 random bits, as 22 base64url characters. The bits are drawn in blocks, a few
 * for all threads, and wiped as they are given out.
 */
public final class RandomIdSource implements IdSource {
  private static final int BYTES = 16;
  private static final int CHARACTERS = 22;
  private static final int BLOCK = 4096;
  private static final int STRIPES = 16;
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(US_ASCII);

  private final SecureRandom random = new SecureRandom();
  private final Block[] blocks =
      Stream.generate(() -> new Block(random)).limit(STRIPES).toArray(Block[]::new);

  @Override
  public String next(IdPrefix prefix) {
    byte[] start = prefix.text().getBytes(US_ASCII);
    byte[] id = Arrays.copyOf(start, start.length + CHARACTERS);
    int stripe = Math.floorMod(Thread.currentThread().getId(), STRIPES);
    blocks[stripe].write(id, start.length);
    return new String(id, ISO_8859_1);
  }

  /** Random bytes, each of which is given out once. */
  private static final class Block {
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] bytes = new byte[BLOCK];
    private final SecureRandom random;
    private int used = BLOCK;

    Block(SecureRandom random) {
      this.random = random;
    }

    void write(byte[] target, int offset) {
      lock.lock();
      try {
        if (used == BLOCK) {
          random.nextBytes(bytes);
          used = 0;
        }
        int from = used;
        used += BYTES;
        encode(bytes, from, target, offset);
        Arrays.fill(bytes, from, used, (byte) 0);
      } finally {
        lock.unlock();
      }
    }
  }

  private static void encode(byte[] bytes, int from, byte[] target, int offset) {
    int bits = 0;
    int held = 0;
    int at = offset;
    for (int i = from; i < from + BYTES; i++) {
      bits = bits << 8 | bytes[i] & 0xff;
      held += 8;
      while (held >= 6) {
        held -= 6;
        target[at++] = ALPHABET[bits >>> held & 0x3f];
      }
      bits &= (1 << held) - 1;
    }
    target[at] = ALPHABET[bits << 6 - held & 0x3f];
  }
}
