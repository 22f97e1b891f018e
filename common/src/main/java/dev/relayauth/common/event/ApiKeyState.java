package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An API key or workspace token in full, without its secret.
 *
 * @param hash lower-case hex SHA-256 of the whole key
 * @param prefix the first characters, for people to recognise it
 * @param sponsorId the human who answers for it
 * @param identityId the identity it acts as, when it names one
 * @param sponsorChain first a human, last the identity it acts as; only the human when it names
 *     none. A state from before chains were carried has none and gets what it says itself
 * @param workspaceId the workspace of a workspace token
 * @param rev the revocation sequence that its maker had applied: what revokes its organisation,
 *     workspace or sponsor later kills it
 * @param mayAct the only ones that may become actors of what it issues (RFC 8693 §4.4), as of the
 *     token that made it; empty for no such limit
 * @param place the workspace of the identity it acts as; null for one that is in none
 */
public record ApiKeyState(
    String orgId,
    String id,
    Kind kind,
    String hash,
    String prefix,
    String name,
    List<String> scopes,
    String sponsorId,
    @Nullable String identityId,
    List<String> sponsorChain,
    @Nullable String workspaceId,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    long revision,
    long rev,
    List<String> mayAct,
    @Nullable String place) {

  /** Copies the collections. */
  @SuppressWarnings("ConstantValue") // JSON may leave anything out.
  public ApiKeyState {
    scopes = List.copyOf(scopes);
    mayAct = mayAct == null ? List.of() : List.copyOf(mayAct);
    sponsorChain =
        sponsorChain == null || sponsorChain.isEmpty()
            ? ownChain(sponsorId, identityId)
            : List.copyOf(sponsorChain);
  }

  private static List<String> ownChain(String sponsor, @Nullable String identity) {
    return identity == null ? List.of(sponsor) : List.of(sponsor, identity);
  }

  /** The same with another place in the topic. */
  public ApiKeyState at(long newRevision) {
    return new ApiKeyState(
        orgId,
        id,
        kind,
        hash,
        prefix,
        name,
        scopes,
        sponsorId,
        identityId,
        sponsorChain,
        workspaceId,
        createdAt,
        expiresAt,
        revokedAt,
        newRevision,
        rev,
        mayAct,
        place);
  }

  /** The workspaces whose end is the key's end: a workspace token's own, and its identity's. */
  public List<String> workspaces() {
    return Stream.of(Optional.ofNullable(workspaceId), Optional.ofNullable(place))
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /**
   * Everybody whose end is the key's end: who answers for it, the identity it acts as and all above
   * that one.
   */
  public List<String> people() {
    return sponsorChain.contains(sponsorId)
        ? sponsorChain
        : Stream.concat(Stream.of(sponsorId), sponsorChain.stream()).toList();
  }

  /** What the key may be used for; spelled as on the wire. */
  public enum Kind {
    api_key,
    workspace_token
  }

  /** Never the hash: it is what a stolen database would be searched for. */
  @Override
  public String toString() {
    return "ApiKeyState[" + orgId + "/" + id + "]";
  }
}
