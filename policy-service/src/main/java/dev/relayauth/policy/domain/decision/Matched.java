package dev.relayauth.policy.domain.decision;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a decision rests on.
 *
 * @param grant the scope that covers the request
 * @param role the role that holds the grant
 * @param policy the policy that matched
 * @param layer where that policy applies
 */
public record Matched(
    @Nullable String grant,
    @Nullable Via via,
    @Nullable String role,
    @Nullable String policy,
    @Nullable Layer layer) {
  /** A decision that rests on nothing. */
  public static final Matched NOTHING = new Matched(null, null, null, null, null);

  /** How the subject comes by a grant. */
  public enum Via {
    /** It is the identity's own. */
    DIRECT,
    /** A role of the identity holds it. */
    ROLE,
    /** The issuer of its token named it; the identity has no standing grants. */
    ISSUER;

    /** The name that clients read. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Matched of(Rule rule) {
    return new Matched(null, null, null, rule.id(), rule.layer());
  }

  Matched with(@Nullable Rule rule) {
    return rule == null ? this : new Matched(grant, via, role, rule.id(), rule.layer());
  }
}
