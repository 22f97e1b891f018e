package dev.relayauth.audit.domain.removal;

/** Whose payload is to go. */
public sealed interface Erasure {
  /** Its value. */
  String id();

  /** All records under one human. */
  record OfSponsor(String id) implements Erasure {}

  /** All records about one identity. */
  record OfIdentity(String id) implements Erasure {}

  /** One record. */
  record OfEntry(String id) implements Erasure {}
}
