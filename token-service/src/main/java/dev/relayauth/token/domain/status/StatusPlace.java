package dev.relayauth.token.domain.status;

/** A place in a status list that belongs to one token alone. */
public record StatusPlace(int list, int idx) {
  /** How many places a list has. */
  public static final int LIST_SIZE = 1 << 20;

  /** Where the lists are, below the issuer. */
  public static final String PATH = "/v1/revocations/status-list/";

  /** The list's address, which is its {@code sub} as well. */
  public String uri(String issuer) {
    return issuer + PATH + list;
  }
}
