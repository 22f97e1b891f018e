package dev.relayauth.common.credential;

import dev.relayauth.common.token.Claims;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what a key is made: all that bounds it, as one service tells another.
 *
 * @param actors the identities that act, as {@link Acting#ids} names them
 * @param isKey whether it is made by a key rather than a bearer
 * @param endsAt when the credential ends; null when it doesn't
 * @param lineage the tokens and keys that it descends from
 * @param mayAct the only ones that may become its actors; empty for no such limit
 */
public record Maker(
    List<String> actors,
    boolean isKey,
    @Nullable Instant endsAt,
    List<String> lineage,
    List<String> mayAct) {
  /** Copies. */
  @SuppressWarnings("ConstantValue") // A service from before it was told leaves it out.
  public Maker {
    mayAct = mayAct == null ? List.of() : List.copyOf(mayAct);
    actors = List.copyOf(actors);
    lineage = List.copyOf(lineage);
  }

  /** The caller as a maker. */
  public static Maker of(Caller.Tenant caller) {
    return switch (caller) {
      case Caller.KeyHolder holder ->
          new Maker(Acting.ids(caller), true, holder.key().expiresAt(), List.of(), caller.mayAct());
      case Caller.Bearer bearer -> {
        Claims claims = bearer.token().claims();
        List<String> lineage = new ArrayList<>(claims.lineage());
        if (claims.parentTokenId() != null) {
          lineage.add(claims.parentTokenId());
        }
        yield new Maker(
            Acting.ids(caller),
            false,
            Instant.ofEpochSecond(claims.exp()),
            lineage,
            caller.mayAct());
      }
    };
  }
}
