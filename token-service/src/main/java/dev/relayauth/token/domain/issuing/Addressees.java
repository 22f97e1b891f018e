package dev.relayauth.token.domain.issuing;

import java.util.List;

/**
 * For whom a token is that another comes from. The other is for those of them that its scopes
 * allow, unless it names some.
 *
 * @param audience empty where it comes from no token
 * @param others whether it may name others: planes of its scopes and registered resources, never
 *     our own API
 */
public record Addressees(List<String> audience, boolean others) {
  /** Of what comes from no token. */
  public static final Addressees ANY = new Addressees(List.of(), true);

  /** Copies the list. */
  public Addressees {
    audience = List.copyOf(audience);
  }

  /** Whether what comes from a token for these may be for that one. */
  boolean allow(String one) {
    return audience.isEmpty()
        || audience.contains(one)
        || (others && !one.equals(AudienceChoice.OWN));
  }
}
