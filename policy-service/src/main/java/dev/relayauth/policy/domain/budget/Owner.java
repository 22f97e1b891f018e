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

  /** Its name in the ledger. */
  public String key() {
    return kind.name() + "/" + id;
  }
}
