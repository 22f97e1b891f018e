package dev.relayauth.audit.domain.log;

import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A record in the log, with its leaf in the hash tree of its organisation. */
public record AuditEntry(AuditRecord content, Instant createdAt, Leaf leaf) {
  /** Its place in the log. */
  public Place place() {
    return new Place(content.timestamp(), leaf.index());
  }

  /** Where a page ends: everything before it is older, or came before it in the same instant. */
  public record Place(Instant timestamp, long leafIndex) {}

  /** Its place in the order of arrival. */
  public Arrival arrival() {
    return new Arrival(leaf.index(), content.id());
  }

  /** A place in the order of arrival; the id tells apart what should not have the same leaf. */
  public record Arrival(long leafIndex, String id) {
    private static final String LAST_ID = "~";

    /** Before every entry. */
    public static final Arrival START = new Arrival(Long.MIN_VALUE, "");

    /** After whatever has a leaf. */
    public static Arrival afterLeaf(long leafIndex) {
      return new Arrival(leafIndex, LAST_ID);
    }
  }

  /**
   * What ties an entry to the tree.
   *
   * @param index from 0; negative when the entry is from before there was a tree
   * @param salt what the leaf begins with; gone when the entry is erased
   * @param erased whether the payload is gone, so that only the tree remembers its hash
   */
  public record Leaf(long index, byte @Nullable [] salt, boolean erased) {}
}
