package dev.relayauth.common.revision;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which writes a reader must have seen: the highest sequence of each source.
 *
 * @param sequences by service name
 */
public record Revision(Map<String, Long> sequences) {

  /** Copies the sequences. */
  public Revision {
    sequences = Map.copyOf(sequences);
  }

  /** A revision of one write. */
  public static Revision of(String service, long sequence) {
    return new Revision(Map.of(service, sequence));
  }

  /** The revision that needs both. */
  public Revision and(Revision other) {
    Map<String, Long> merged = new TreeMap<>(sequences);
    other.sequences.forEach((source, sequence) -> merged.merge(source, sequence, Math::max));
    return new Revision(merged);
  }
}
