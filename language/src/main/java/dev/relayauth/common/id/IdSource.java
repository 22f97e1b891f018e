package dev.relayauth.common.id;

/** Where new identifiers come from. */
@FunctionalInterface
public interface IdSource {
  /** Returns a new identifier: the prefix and at least 96 random bits in URL-safe characters. */
  String next(IdPrefix prefix);
}
