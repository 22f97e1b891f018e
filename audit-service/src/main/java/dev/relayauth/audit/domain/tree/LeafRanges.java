package dev.relayauth.audit.domain.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leaves of which no record is left, written {@code 0-17,23-23}. Records about them carry it in
 * pieces of a bounded length.
 */
public final class LeafRanges {
  /** The longest piece. */
  public static final int MAX_PIECE = 1_000;

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

  /** Adds leaves, the last one included. */
  public LeafRanges add(long first, long last) {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no range: " + first + "-" + last);
    }
    long from = first;
    long to = last;
    Map.Entry<Long, Long> below = lastByFirst.floorEntry(first);
    if (below != null && below.getValue() >= first - 1) {
      from = below.getKey();
      to = Math.max(to, below.getValue());
    }
    Map.Entry<Long, Long> above = lastByFirst.ceilingEntry(from);
    while (above != null && above.getKey() <= to + 1) {
      to = Math.max(to, above.getValue());
      lastByFirst.remove(above.getKey());
      above = lastByFirst.ceilingEntry(from);
    }
    lastByFirst.put(from, to);
    return this;
  }

  /**
   * Adds what {@link #pieces} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public LeafRanges addAll(String piece) {
    for (String range : piece.split(",", -1)) {
      Matcher matcher = RANGE.matcher(range);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("no range: " + range);
      }
      add(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
    return this;
  }

  /** Whether a leaf is among them. */
  public boolean contains(long leaf) {
    Map.Entry<Long, Long> below = lastByFirst.floorEntry(leaf);
    return below != null && leaf <= below.getValue();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return lastByFirst.isEmpty();
  }

  /** Their text, in pieces of {@link #MAX_PIECE} characters at most. */
  public List<String> pieces() {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    lastByFirst.forEach(
        (first, last) -> {
          String range = first + "-" + last;
          if (piece.length() + range.length() + 1 > MAX_PIECE) {
            pieces.add(piece.toString());
            piece.setLength(0);
          }
          piece.append(piece.isEmpty() ? "" : ",").append(range);
        });
    if (!piece.isEmpty()) {
      pieces.add(piece.toString());
    }
    return pieces;
  }
}
