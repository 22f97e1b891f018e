package dev.relayauth.common.revocation;

import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * All entries in force. Any number of threads may ask, without a lock; writers take turns.
 *
 * <p>Per name the entry with the highest sequence counts, so that applying entries twice or out of
 * order changes nothing. Only a tombstone removes an entry: no clock of a reader revives a token.
 */
public final class RevocationSet {
  private final ConcurrentMap<Key, RevocationEntry> entries = new ConcurrentHashMap<>();

  /** How many entries name an id: nearly every token is let go by this alone. */
  private final ConcurrentMap<String, Integer> named = new ConcurrentHashMap<>();

  private volatile long appliedSequence;

  private record Key(String org, RevocationKind kind, String id) {}

  /** Puts an entry in force, unless a newer one for the same name already is. */
  public synchronized void apply(RevocationEntry entry) {
    // Counted before it is in force: a reader that would find it must not be let go.
    named.merge(entry.id(), 1, Integer::sum);
    Key key = new Key(entry.org(), entry.kind(), entry.id());
    boolean isNew = entries.put(key, merged(key, entry)) == null;
    if (!isNew) {
      forget(entry.id());
    }
    advance(entry.seq());
  }

  private RevocationEntry merged(Key key, RevocationEntry added) {
    RevocationEntry known = entries.get(key);
    return known == null ? added : newer(known, added);
  }

  private void forget(String id) {
    named.computeIfPresent(id, (name, count) -> count == 1 ? null : count - 1);
  }

  /** What the older one kills, the newer kills too, so it must stay as long as either. */
  private static RevocationEntry newer(RevocationEntry known, RevocationEntry added) {
    return added.seq() > known.seq()
        ? added.expiringNoEarlierThan(known.expiresAt())
        : known.expiringNoEarlierThan(added.expiresAt());
  }

  /** Applies a tombstone: takes the entry away, unless it is newer than {@code seq}. */
  public synchronized void remove(String org, RevocationKind kind, String id, long seq) {
    Key key = new Key(org, kind, id);
    RevocationEntry known = entries.get(key);
    if (known != null && known.seq() <= seq) {
      entries.remove(key);
      forget(id);
    }
    advance(seq);
  }

  private synchronized void advance(long seq) {
    appliedSequence = Math.max(appliedSequence, seq);
  }

  /** An entry that kills this token. */
  public Optional<RevocationEntry> match(Verification.Valid token) {
    return isNamed(token) ? match(RevocationSubject.of(token)) : Optional.empty();
  }

  /** Whether any entry has one of the ids by which the token can be killed. */
  private boolean isNamed(Verification.Valid token) {
    if (named.isEmpty()) {
      return false;
    }
    Claims claims = token.claims();
    return named.containsKey(claims.jti())
        || named.containsKey(claims.sid())
        || named.containsKey(claims.org())
        || named.containsKey(token.kid())
        || named.containsKey(claims.sponsorId())
        || isNamed(claims.wks())
        || isNamed(claims.parentTokenId())
        || isAnyNamed(claims.sponsorChain())
        || isAnyNamed(claims.lineage())
        || isNamed(claims.act());
  }

  private boolean isNamed(@Nullable String id) {
    return id != null && named.containsKey(id);
  }

  private boolean isAnyNamed(List<String> ids) {
    for (int i = 0; i < ids.size(); i++) {
      if (named.containsKey(ids.get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(@Nullable Actor first) {
    for (Actor actor = first; actor != null; actor = actor.act()) {
      if (named.containsKey(actor.sub()) || isAnyNamed(actor.sponsorChain())) {
        return true;
      }
    }
    return false;
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
