package dev.relayauth.common.event;

/** What an event of the identity or policy topic is about: the middle part of its key. */
public enum EntityKind {
  ORGANIZATION("organization"),
  WORKSPACE("workspace"),
  SPONSOR("sponsor"),
  IDENTITY("identity"),
  API_KEY("api_key"),
  ROLE("role"),
  POLICY("policy"),
  BUDGET("budget");

  private final String wireName;

  EntityKind(String wireName) {
    this.wireName = wireName;
  }

  /** The name in keys and audit actions. */
  public String wireName() {
    return wireName;
  }

  /** The Kafka key of an aggregate of this kind. */
  public String key(String org, String id) {
    return CloudEvent.key(org, wireName, id);
  }

  /** Whether a Kafka key {@code org/kind/id} is of this kind. */
  public boolean owns(String key) {
    int start = key.indexOf('/') + 1;
    return key.startsWith(wireName, start)
        && key.length() > start + wireName.length()
        && key.charAt(start + wireName.length()) == '/';
  }
}
