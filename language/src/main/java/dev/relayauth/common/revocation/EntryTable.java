package dev.relayauth.common.revocation;

import dev.relayauth.common.revocation.RevocationSubject.Name;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Entries by name, exactly, in primitive arrays of a fixed capacity: an open-addressing table of
 * fingerprints over rows. Reads take no lock, writes come from one thread at a time. What a reader
 * may have found is never used again for another name, so that no reader mixes two.
 */
final class EntryTable {
  /** Later than this nothing expires: an instant beyond is as good as this one. */
  private static final Instant FARTHEST = Instant.parse("9999-12-31T00:00:00Z");

  private static final long MICROS = 1_000_000;
  private static final long NANOS = 1_000;
  private static final long LAST = micros(FARTHEST.getEpochSecond(), 0);

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);
  private static final RevocationKind[] KINDS = RevocationKind.values();
  private static final long GONE = 0xFFFF_FFFFL;

  /** Three longs and an id of up to 32 bytes. */
  private static final int ROW_LONGS = 7;

  /** Half fingerprint, half the row's place plus one; 0 is free. */
  private final long[] slots;

  /** A byte of each fingerprint, 0 where the slot is free: small enough to stay in a cache. */
  private final byte[] tags;

  /**
   * Their values are the sequence, the kind and whether it is closed, so that one read gets all.
   */
  private final EntryRows rows;

  private final int capacity;
  private final OrganizationNumbers orgs;
  private final int[] liveOfKind = new int[KINDS.length];
  private int used;
  private int live;

  /** A bit for each kind that there are entries of: most names need no look-up. */
  private volatile int kinds;

  EntryTable(int capacity, OrganizationNumbers orgs) {
    this.slots = new long[Integer.highestOneBit(capacity + capacity / 2) << 1];
    this.tags = new byte[slots.length];
    this.rows = new EntryRows((long) capacity * ROW_LONGS);
    this.capacity = capacity;
    this.orgs = orgs;
  }

  /** The entry of that name. */
  Optional<RevocationEntry> find(String org, Name name) {
    int slot = slotOf(hash(org, name), org, name);
    return slot < 0 ? Optional.empty() : Optional.of(entry(row(slots[slot]), org, name.id()));
  }

  /** The entry of that name, when it kills what was issued at {@code rev}. */
  Optional<RevocationEntry> find(String org, long orgHash, Name name, long rev) {
    if ((kinds & 1 << name.kind().ordinal()) == 0) {
      return Optional.empty();
    }
    int slot = slotOf(Fingerprint.mix(name.hash(), orgHash), org, name);
    if (slot < 0) {
      return Optional.empty();
    }
    RevocationEntry entry = entry(row(slots[slot]), org, name.id());
    return entry.kills(rev) ? Optional.of(entry) : Optional.empty();
  }

  /** Puts an entry in the place of that of its name; false when there is no room. */
  boolean put(RevocationEntry entry) {
    Name name = new Name(entry.kind(), entry.id());
    long hash = hash(entry.org(), name);
    int slot = slotOf(hash, entry.org(), name);
    if (slot >= 0) {
      rows.set(row(slots[slot]), value(entry), micros(entry.expiresAt()));
      return true;
    }
    if (used == capacity) {
      return false;
    }
    insert(hash, entry);
    return true;
  }

  boolean remove(String org, Name name) {
    int slot = slotOf(hash(org, name), org, name);
    if (slot < 0) {
      return false;
    }
    LONGS.setRelease(slots, slot, GONE);
    count(name.kind(), -1);
    return true;
  }

  /** The same entries without those that are gone, with room for a quarter more. */
  EntryTable roomier() {
    EntryTable copy = new EntryTable(Math.max(16, live + live / 4 + 1), orgs);
    forEach(entry -> copy.insert(hash(entry.org(), new Name(entry.kind(), entry.id())), entry));
    return copy;
  }

  int size() {
    return live;
  }

  /** Every entry, in no order; for the writer. */
  void forEach(Consumer<RevocationEntry> action) {
    for (long slot : slots) {
      if (slot != 0 && slot != GONE) {
        int row = row(slot);
        action.accept(entry(row, orgs.name(rows.org(row)), rows.id(row)));
      }
    }
  }

  private void insert(long hash, RevocationEntry entry) {
    int org = orgs.number(entry.org());
    int row = rows.add(value(entry), micros(entry.expiresAt()), org, entry.id());
    used++;
    int slot = (int) hash & (slots.length - 1);
    while (slots[slot] != 0) {
      slot = (slot + 1) & (slots.length - 1);
    }
    LONGS.setRelease(slots, slot, hash & 0xFFFF_FFFF_0000_0000L | (row + 1));
    BYTES.setRelease(tags, slot, tag(hash));
    count(entry.kind(), 1);
  }

  private void count(RevocationKind kind, int change) {
    live += change;
    liveOfKind[kind.ordinal()] += change;
    int bit = 1 << kind.ordinal();
    kinds = liveOfKind[kind.ordinal()] == 0 ? kinds & ~bit : kinds | bit;
  }

  private int slotOf(long hash, String org, Name name) {
    int mask = slots.length - 1;
    byte tag = tag(hash);
    for (int slot = (int) hash & mask; ; slot = (slot + 1) & mask) {
      byte found = (byte) BYTES.getAcquire(tags, slot);
      if (found == 0) {
        return -1;
      }
      if (found == tag && isAt(slot, hash, org, name)) {
        return slot;
      }
    }
  }

  private boolean isAt(int slot, long hash, String org, Name name) {
    long found = (long) LONGS.getAcquire(slots, slot);
    return (found ^ hash) >>> 32 == 0 && found != GONE && isNamed(row(found), org, name);
  }

  private static byte tag(long hash) {
    return (byte) (hash >>> 56 | 1);
  }

  private boolean isNamed(int row, String org, Name name) {
    return kind(rows.value(row)) == name.kind()
        && rows.holds(row, name.id())
        && orgs.name(rows.org(row)).equals(org);
  }

  private RevocationEntry entry(int row, String org, String id) {
    long value = rows.value(row);
    long micros = rows.expiry(row);
    Instant expiry =
        Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * NANOS);
    return new RevocationEntry(org, kind(value), id, value >>> 5, (value & 1) != 0, expiry);
  }

  private static long hash(String org, Name name) {
    return Fingerprint.mix(name.hash(), Fingerprint.of(org));
  }

  private static long value(RevocationEntry entry) {
    return entry.seq() << 5 | entry.kind().ordinal() << 1 | (entry.closed() ? 1 : 0);
  }

  private static RevocationKind kind(long value) {
    return KINDS[(int) (value >>> 1) & 0xF];
  }

  private static long micros(Instant instant) {
    if (!instant.isBefore(FARTHEST)) {
      return LAST;
    }
    // What ended before there were computers has ended.
    return instant.isBefore(Instant.EPOCH)
        ? 0
        : micros(instant.getEpochSecond(), instant.getNano());
  }

  /** ChronoUnit.MICROS.between counts nanoseconds up to Java 17: it overflows in 2262. */
  private static long micros(long seconds, int nanos) {
    return seconds * MICROS + nanos / NANOS;
  }

  private static int row(long slot) {
    return (int) slot - 1;
  }
}
