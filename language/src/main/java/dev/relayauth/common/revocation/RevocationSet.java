package dev.relayauth.common.revocation;

import dev.relayauth.common.token.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All entries in force. Any number of threads may ask, without a lock; one thread writes.
 *
 * <p>Per name the entry with the highest sequence counts, so that applying entries twice or out of
 * order changes nothing. Only a tombstone removes an entry: no clock of a reader revives a token.
 */
public final class RevocationSet {
  private final ConcurrentMap<Key, RevocationEntry> entries = new ConcurrentHashMap<>();
  private volatile long appliedSequence;

  private record Key(String org, RevocationKind kind, String id) {}

  /** Puts an entry in force, unless a newer one for the same name already is. */
  public void apply(RevocationEntry entry) {
    entries.merge(new Key(entry.org(), entry.kind(), entry.id()), entry, RevocationSet::newer);
    advance(entry.seq());
  }

  /** What the older one kills, the newer kills too, so it must stay as long as either. */
  private static RevocationEntry newer(RevocationEntry known, RevocationEntry added) {
    return added.seq() > known.seq()
        ? added.expiringNoEarlierThan(known.expiresAt())
        : known.expiringNoEarlierThan(added.expiresAt());
  }

  /** Applies a tombstone: takes the entry away, unless it is newer than {@code seq}. */
  public void remove(String org, RevocationKind kind, String id, long seq) {
    entries.computeIfPresent(
        new Key(org, kind, id), (key, known) -> known.seq() <= seq ? null : known);
    advance(seq);
  }

  private synchronized void advance(long seq) {
    appliedSequence = Math.max(appliedSequence, seq);
  }

  /** An entry that kills this token. */
  public Optional<RevocationEntry> match(Verification.Valid token) {
    return entries.isEmpty() ? Optional.empty() : match(RevocationSubject.of(token));
  }

  /** An entry that kills this subject. */
  public Optional<RevocationEntry> match(RevocationSubject subject) {
    for (RevocationSubject.Name name : subject.names()) {
      String org = name.kind() == RevocationKind.KEY ? "" : subject.org();
      RevocationEntry entry = entries.get(new Key(org, name.kind(), name.id()));
      if (entry != null && entry.kills(subject.rev())) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** The entry of that name that is in force. */
  public Optional<RevocationEntry> find(String org, RevocationKind kind, String id) {
    return Optional.ofNullable(entries.get(new Key(org, kind, id)));
  }

  /** Entries that can kill nothing any more, for which their owner may write tombstones. */
  public List<RevocationEntry> expired(Instant now) {
    return entries.values().stream().filter(entry -> !entry.expiresAt().isAfter(now)).toList();
  }

  /** All entries, in commit order. */
  public List<RevocationEntry> entries() {
    return entries.values().stream().sorted((a, b) -> Long.compare(a.seq(), b.seq())).toList();
  }

  /** The highest sequence applied or removed so far; 0 before the first. */
  public long appliedSequence() {
    return appliedSequence;
  }

  /** How many entries are in force. */
  public int size() {
    return entries.size();
  }
}
