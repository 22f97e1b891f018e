package dev.relayauth.common.revocation;

import dev.relayauth.common.token.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All entries in force. Any number of threads may ask, without a lock; writers take turns.
 *
 * <p>Per name the entry with the highest sequence counts, so that applying entries twice or out of
 * order changes nothing. Only a tombstone removes an entry: no clock of a reader revives a token.
 * An entry takes less than 100 bytes.
 */
public final class RevocationSet {
  private static final long NO_ORG = Fingerprint.of("");

  private final Object writing = new Object();
  private volatile EntryTable entries = new EntryTable(16, new OrganizationNumbers());
  private volatile int size;
  private volatile long appliedSequence;
  private volatile long knownSequence;

  /** Puts an entry in force, unless a newer one for the same name already is. */
  public void apply(RevocationEntry entry) {
    synchronized (writing) {
      put(entry);
      advance(entry.seq());
    }
  }

  /**
   * Puts an entry in force ahead of its turn, when that can only kill more. The sequence doesn't
   * advance, so that nothing is issued as if the feed had come this far; and what the feed has
   * brought or taken away already stays as the feed left it.
   */
  public void applyEarly(RevocationEntry entry) {
    synchronized (writing) {
      boolean passed = entry.seq() <= appliedSequence;
      if (!passed && !opensWhatIsClosed(entry)) {
        put(entry);
        knownSequence = Math.max(knownSequence, entry.seq());
      }
    }
  }

  private boolean opensWhatIsClosed(RevocationEntry entry) {
    return !entry.closed()
        && entries.find(entry.org(), name(entry)).filter(RevocationEntry::closed).isPresent();
  }

  /** What the older one kills, the newer kills too, so it must stay as long as either. */
  private void put(RevocationEntry added) {
    RevocationEntry known = entries.find(added.org(), name(added)).orElse(added);
    RevocationEntry newer =
        added.seq() > known.seq()
            ? added.expiringNoEarlierThan(known.expiresAt())
            : known.expiringNoEarlierThan(added.expiresAt());
    if (!entries.put(newer)) {
      EntryTable roomier = entries.roomier();
      roomier.put(newer);
      entries = roomier;
    }
    size = entries.size();
  }

  /** Applies a tombstone: takes the entry away, unless it is newer than {@code seq}. */
  public void remove(String org, RevocationKind kind, String id, long seq) {
    synchronized (writing) {
      RevocationSubject.Name name = new RevocationSubject.Name(kind, id);
      if (entries.find(org, name).filter(known -> known.seq() <= seq).isPresent()) {
        entries.remove(org, name);
        size = entries.size();
      }
      advance(seq);
    }
  }

  private void advance(long seq) {
    if (seq > appliedSequence) {
      knownSequence = Math.max(knownSequence, seq);
      appliedSequence = seq;
    }
  }

  /** An entry that kills this token. */
  public Optional<RevocationEntry> match(Verification.Valid token) {
    return size == 0 ? Optional.empty() : match(RevocationSubject.of(token));
  }

  /** An entry that kills this subject. */
  public Optional<RevocationEntry> match(RevocationSubject subject) {
    if (size == 0) {
      return Optional.empty();
    }
    EntryTable now = entries;
    List<RevocationSubject.Name> names = subject.names();
    for (int i = 0; i < names.size(); i++) {
      RevocationSubject.Name name = names.get(i);
      boolean ofTheDeployment = name.kind() == RevocationKind.KEY;
      Optional<RevocationEntry> killer =
          now.find(
              ofTheDeployment ? "" : subject.org(),
              ofTheDeployment ? NO_ORG : subject.orgHash(),
              name,
              subject.rev(name.kind()));
      if (killer.isPresent()) {
        return killer;
      }
    }
    return Optional.empty();
  }

  /** The entry of that name that is in force. */
  public Optional<RevocationEntry> find(String org, RevocationKind kind, String id) {
    return entries.find(org, new RevocationSubject.Name(kind, id));
  }

  /** Entries that can kill nothing any more, for which their owner may write tombstones. */
  public List<RevocationEntry> expired(Instant now) {
    synchronized (writing) {
      return all().filter(entry -> !entry.expiresAt().isAfter(now)).toList();
    }
  }

  /** All entries, in commit order. */
  public List<RevocationEntry> entries() {
    synchronized (writing) {
      return all().sorted((a, b) -> Long.compare(a.seq(), b.seq())).toList();
    }
  }

  private Stream<RevocationEntry> all() {
    Stream.Builder<RevocationEntry> result = Stream.builder();
    entries.forEach(result);
    return result.build();
  }

  /** The highest sequence applied or removed so far; 0 before the first. */
  public long appliedSequence() {
    return appliedSequence;
  }

  /** The highest sequence of any entry known, of one that came ahead of its turn too. */
  public long knownSequence() {
    return knownSequence;
  }

  /** How many entries are in force. */
  public int size() {
    return size;
  }

  private static RevocationSubject.Name name(RevocationEntry entry) {
    return new RevocationSubject.Name(entry.kind(), entry.id());
  }
}
