package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.token.Actor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of a session come from, beside their lineage.
 *
 * @param parentTokenId the workspace token or exchanged token they hang on
 * @param paths what a path token was narrowed to
 * @param act who acts for the subject (RFC 8693 §4.1)
 */
public record Derivation(
    @Nullable String parentTokenId,
    @Nullable TokenClass tokenClass,
    List<String> paths,
    @Nullable Actor act) {
  /** Of tokens that come from nothing but a credential. */
  public static final Derivation NONE = new Derivation(null, null, List.of(), null);

  /** Copies the paths. */
  public Derivation {
    paths = List.copyOf(paths);
  }

  /** Whether {@code id} is the workspace token they were issued with. */
  public boolean isWorkspaceToken(String id) {
    return tokenClass != null && id.equals(parentTokenId);
  }
}
