package dev.relayauth.revocation.domain.entry;

import dev.relayauth.common.revocation.RevocationKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries, durably. Every method may block, and throws when the store is away. */
public interface Revocations {
  /**
   * Commits an entry, its event and its audit record together. An order whose {@code eventId} was
   * carried out before changes nothing and returns the entry of then.
   */
  Revocation write(RevocationOrder order);

  /** An entry of an organisation, in force or replaced; an empty one, the platform, finds any. */
  Optional<Revocation> find(String org, String id);

  /** The id of the entry in force that has taken an entry's place; empty for one in force. */
  Optional<String> successor(Revocation entry);

  /**
   * Takes an entry away that was asked for, so that the tokens it killed live again, unless another
   * entry of the same target kills them; its audit record commits with it. Refuses to take the one
   * in force away while an earlier one has not been.
   */
  Withdrawal withdraw(String org, String id);

  /** Entries of an organisation in force, newest first; those of signing keys have an empty one. */
  List<Revocation> list(String org, Page page);

  /** Whether the token itself is revoked, whosever it is. */
  boolean hasToken(String jti);

  /**
   * Whether an entry that is committed kills a token of that organisation whose issuer had applied
   * {@code rev}.
   */
  boolean kills(String org, List<Name> names, long rev);

  /** A name of a token. */
  record Name(RevocationKind kind, String id) {}

  /**
   * A page of a list.
   *
   * @param kind that kind only
   * @param beforeTime with {@code beforeId}, the last entry of the page before
   */
  record Page(
      @Nullable RevocationKind kind,
      int limit,
      @Nullable Instant beforeTime,
      @Nullable String beforeId) {}
}
