package dev.relayauth.common.revocation;

import java.util.Optional;

/** What an entry names. */
public enum RevocationKind {
  /**
   * A token, by {@code jti}, and all that descend from it. Kills whatever {@code rev} they have.
   */
  TOKEN("token"),
  /** A session, by {@code sid}. */
  SESSION("session"),
  /** An identity: as subject, anywhere in a sponsor chain, or as an actor. */
  IDENTITY("identity"),
  /** A sponsor: anywhere in a sponsor chain. */
  SPONSOR("sponsor"),
  /** A workspace, by {@code wks}. */
  WORKSPACE("workspace"),
  /** An organisation; its id is the entry's {@code org}. */
  ORGANIZATION("organization"),
  /** A signing key, by {@code kid}; of the whole deployment, its {@code org} is empty. */
  KEY("key"),
  /** A workspace token or exchanged token, and what was issued from it. */
  PARENT("parent"),
  /** An API key, and what was issued by it. */
  CREDENTIAL("credential");

  private final String wireName;

  RevocationKind(String wireName) {
    this.wireName = wireName;
  }

  /** Its name in JSON and in event keys. */
  public String wireName() {
    return wireName;
  }

  /** The kind of exactly that name. */
  public static Optional<RevocationKind> ofWireName(String name) {
    for (RevocationKind kind : values()) {
      if (kind.wireName.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
