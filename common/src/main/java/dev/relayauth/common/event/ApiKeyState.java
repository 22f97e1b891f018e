package dev.relayauth.common.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key or workspace token in full, without its secret.
 *
 * @param hash lower-case hex SHA-256 of the whole key
 * @param prefix the first characters, for people to recognise it
 * @param sponsorId the human who answers for it
 * @param identityId the identity it acts as, when it names one
 * @param workspaceId the workspace of a workspace token
 * @param rev the revocation sequence that its maker had applied: what revokes its organisation,
 *     workspace or sponsor later kills it
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
    @Nullable String workspaceId,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    long revision,
    long rev) {

  /** Copies the scopes. */
  public ApiKeyState {
    scopes = List.copyOf(scopes);
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
