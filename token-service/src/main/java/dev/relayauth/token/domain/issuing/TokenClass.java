package dev.relayauth.token.domain.issuing;

/** The classes of short pairs; their access tokens carry a prefix, before and after a refresh. */
public enum TokenClass {
  /** For an agent. */
  AGENT("agent", "relay_ag_"),
  /** For an agent, on some paths alone. */
  PATH("path", "relay_pa_");

  private final String wireName;
  private final String prefix;

  TokenClass(String wireName, String prefix) {
    this.wireName = wireName;
    this.prefix = prefix;
  }

  /** Its name in answers. */
  public String wireName() {
    return wireName;
  }

  /** What stands before the JWT. */
  public String prefix() {
    return prefix;
  }

  /** The class of exactly that name. */
  public static TokenClass ofWireName(String name) {
    for (TokenClass known : values()) {
      if (known.wireName.equals(name)) {
        return known;
      }
    }
    throw new IllegalArgumentException("no class of tokens is called " + name);
  }
}
