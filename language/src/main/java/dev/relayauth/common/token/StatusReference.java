package dev.relayauth.common.token;

/**
 * Where a token's status stands (draft-ietf-oauth-status-list §6): claim {@code
 * status.status_list}.
 *
 * @param uri the list, which is its {@code sub} as well
 * @param idx the token's place in it
 */
public record StatusReference(String uri, int idx) {
  /** Refuses a place that no list has. */
  public StatusReference {
    if (idx < 0) {
      throw new IllegalArgumentException("idx must not be negative");
    }
  }
}
