package dev.relayauth.policy.domain.budget;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reservation, spend or credit that somebody asked for.
 *
 * @param amount reserved, spent or credited, in the ledger's units
 * @param settled what was committed of a reservation; null while it is open
 * @param expiresAt until when a reservation can be committed or voided
 */
public record Operation(
    String org,
    String id,
    String identityId,
    Kind kind,
    Status status,
    long amount,
    @Nullable Long settled,
    String currency,
    List<Allocation> allocations,
    Instant createdAt,
    Instant expiresAt) {
  /** Copies the list. */
  public Operation {
    allocations = List.copyOf(allocations);
  }

  /** What was asked for; spelled as on the wire. */
  public enum Kind {
    reservation,
    spend,
    credit
  }

  /** How far it is; spelled as on the wire. */
  public enum Status {
    reserved,
    committed,
    voided,
    expired
  }

  /** The same, resolved. */
  public Operation resolved(Status now, long committed) {
    return new Operation(
        org,
        id,
        identityId,
        kind,
        now,
        amount,
        committed,
        currency,
        allocations,
        createdAt,
        expiresAt);
  }
}
