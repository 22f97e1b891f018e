package dev.relayauth.common.freshness;

import dev.relayauth.common.event.Topics;
import java.util.Map;
import java.util.Optional;

/** Which service owns which feed. */
public final class FeedOwners {
  private static final Map<String, String> OWNERS =
      Map.of(
          Topics.IDENTITY, "identity",
          Topics.POLICY, "policy",
          Topics.REVOCATION, "revocation");

  private FeedOwners() {}

  /** The name of the service that writes {@code topic}. */
  public static Optional<String> ownerOf(String topic) {
    return Optional.ofNullable(OWNERS.get(topic));
  }
}
