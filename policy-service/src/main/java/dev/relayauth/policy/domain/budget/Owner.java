package dev.relayauth.policy.domain.budget;

/** Whose budget it is. */
public record Owner(Kind kind, String id) {
  /** The kinds of owners; spelled as on the wire. */
  public enum Kind {
    organization,
    workspace,
    sponsor,
    identity
  }

  /** The owner that is an identity. */
  public static Owner identity(String id) {
    return new Owner(Kind.identity, id);
  }

  /** The owner of that {@link #key}. */
  public static Owner of(String key) {
    int split = key.indexOf('/');
    return new Owner(Kind.valueOf(key.substring(0, split)), key.substring(split + 1));
  }

  /** Its name in the ledger. */
  public String key() {
    return kind.name() + "/" + id;
  }
}
