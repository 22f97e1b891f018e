package dev.relayauth.audit.domain.tree;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a log commits to (C2SP tlog-checkpoint): the text of a signed note.
 *
 * @param origin names the log, and is the name of its key
 * @param size how many leaves
 * @param root the hash over them
 */
public record Checkpoint(String origin, long size, byte[] root) {
  private static final int LINES = 3;

  /** Refuses what no log commits to. */
  public Checkpoint {
    if (size < 0 || root.length != TreeHasher.LENGTH) {
      throw new IllegalArgumentException("no checkpoint");
    }
  }

  /** The text that is signed. */
  public String text() {
    return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
  }

  /**
   * Reads a text; lines after the third are extensions and are passed over.
   *
   * @throws IllegalArgumentException when it is no checkpoint
   */
  public static Checkpoint parse(String text) {
    List<String> lines = text.lines().toList();
    // No leading zeroes: the decimal form is unique.
    if (lines.size() < LINES || !lines.get(1).matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("this is no checkpoint");
    }
    return new Checkpoint(
        lines.get(0), Long.parseLong(lines.get(1)), Base64.getDecoder().decode(lines.get(2)));
  }

  /** Whether it is of the same tree. */
  public boolean agrees(byte[] otherRoot) {
    return Arrays.equals(root, otherRoot);
  }
}
