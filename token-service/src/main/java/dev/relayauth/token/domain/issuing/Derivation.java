package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of a session come from, beside their lineage.
 *
 * @param parentTokenId the workspace token or exchanged token they hang on
 * @param paths what a path token was narrowed to
 * @param act who acts for the subject (RFC 8693 §4.1)
 * @param mayAct the only ones that may become its actor (RFC 8693 §4.4); empty for no such limit
 * @param jkt the key that they are bound to (RFC 9449 §6)
 */
public record Derivation(
    @Nullable String parentTokenId,
    @Nullable TokenClass tokenClass,
    List<String> paths,
    @Nullable Actor act,
    List<String> mayAct,
    @Nullable String jkt) {
  /** Of tokens that come from nothing but a credential. */
  public static final Derivation NONE =
      new Derivation(null, null, List.of(), null, List.of(), null);

  /** Copies the lists. */
  public Derivation {
    paths = List.copyOf(paths);
    mayAct = List.copyOf(mayAct);
  }

  /**
   * The agents by whose authority its tokens are beside their subject's, as the tokens tell: who
   * acts, who issued them by a credential of that lineage, and the agents above those.
   */
  public List<String> actors(List<String> lineage) {
    return Claims.actors(act, lineage);
  }

  /** The same, with these alone as actors. */
  public Derivation withMayAct(List<String> actors) {
    return new Derivation(parentTokenId, tokenClass, paths, act, actors, jkt);
  }

  /** The same, bound to a key. */
  public Derivation boundTo(@Nullable String key) {
    return new Derivation(parentTokenId, tokenClass, paths, act, mayAct, key);
  }

  /** Whether {@code id} is the workspace token they were issued with. */
  public boolean isWorkspaceToken(String id) {
    return tokenClass != null && id.equals(parentTokenId);
  }
}
