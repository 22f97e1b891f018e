package dev.relayauth.sdk;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question: may the bearer of this token do that? Asked by identity it is dry: it spends and
 * counts nothing.
 */
public record AuthorizeRequest(
    @Nullable String token,
    @Nullable String identityId,
    String scope,
    Map<String, Object> context,
    @Nullable Boolean explain) {
  public AuthorizeRequest {
    Objects.requireNonNull(scope);
    context = Map.copyOf(context);
    if ((token == null) == (identityId == null)) {
      throw new IllegalArgumentException("name a token or an identity");
    }
  }

  /** May the bearer of {@code token} use {@code scope}? */
  public static AuthorizeRequest token(String token, String scope) {
    return new AuthorizeRequest(token, null, scope, Map.of(), null);
  }

  /** Could that identity use {@code scope}? */
  public static AuthorizeRequest identity(String id, String scope) {
    return new AuthorizeRequest(null, id, scope, Map.of(), null);
  }

  /** With something that conditions and budgets look at: {@code ip}, {@code cost}, {@code risk}… */
  public AuthorizeRequest with(String name, Object value) {
    Map<String, Object> more = new HashMap<>(context);
    more.put(name, value);
    return new AuthorizeRequest(token, identityId, scope, more, explain);
  }

  /** With the explanation. */
  public AuthorizeRequest explained() {
    return new AuthorizeRequest(token, identityId, scope, context, true);
  }

  @Override
  public String toString() {
    return "AuthorizeRequest[scope=" + scope + ", context=" + context + "]";
  }
}
