package dev.relayauth.common.revocation;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.Verification;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token or credential as revocation sees it: all the names by which it can be killed.
 *
 * @param rev the sequence its issuer had applied
 */
public record RevocationSubject(String org, List<Name> names, long rev) {
  /** One name. The set looks in its own tenant, and for a key in the deployment. */
  public record Name(RevocationKind kind, String id) {}

  /** Copies the names. */
  public RevocationSubject {
    names = List.copyOf(names);
  }

  /** A verified token. */
  public static RevocationSubject of(Verification.Valid token) {
    return of(token.claims(), token.kid());
  }

  /** The token with these claims, signed by that key. */
  public static RevocationSubject of(Claims claims, String kid) {
    Set<Name> names = new LinkedHashSet<>();
    names.add(new Name(RevocationKind.TOKEN, claims.jti()));
    names.add(new Name(RevocationKind.SESSION, claims.sid()));
    names.add(new Name(RevocationKind.ORGANIZATION, claims.org()));
    names.add(new Name(RevocationKind.KEY, kid));
    if (claims.wks() != null) {
      names.add(new Name(RevocationKind.WORKSPACE, claims.wks()));
    }
    addPerson(names, claims.sub());
    names.add(new Name(RevocationKind.SPONSOR, claims.sponsorId()));
    claims.sponsorChain().forEach(id -> addPerson(names, id));
    addActors(names, claims.act());
    if (claims.parentTokenId() != null) {
      addAncestor(names, claims.parentTokenId());
    }
    claims.lineage().forEach(id -> addAncestor(names, id));
    return new RevocationSubject(claims.org(), List.copyOf(names), claims.rev());
  }

  /**
   * An API key or workspace token presented itself. It was issued at no sequence and stays what it
   * is when its identity is narrowed, so that only closed entries kill it.
   *
   * @param sponsorChain its sponsor, and the identity it names with that one's chain
   */
  public static RevocationSubject ofCredential(
      String org, String credentialId, @Nullable String workspaceId, List<String> sponsorChain) {
    Set<Name> names = new LinkedHashSet<>();
    addAncestor(names, credentialId);
    names.add(new Name(RevocationKind.ORGANIZATION, org));
    if (workspaceId != null) {
      names.add(new Name(RevocationKind.WORKSPACE, workspaceId));
    }
    sponsorChain.forEach(id -> addPerson(names, id));
    return new RevocationSubject(org, List.copyOf(names), Long.MAX_VALUE);
  }

  /** A sponsor is a human or an identity, and either may have been revoked as the other. */
  private static void addPerson(Set<Name> names, String id) {
    names.add(new Name(RevocationKind.IDENTITY, id));
    names.add(new Name(RevocationKind.SPONSOR, id));
  }

  private static void addAncestor(Set<Name> names, String id) {
    if (id.startsWith(IdPrefix.SESSION.text())) {
      names.add(new Name(RevocationKind.SESSION, id));
      return;
    }
    names.add(new Name(RevocationKind.TOKEN, id));
    names.add(new Name(RevocationKind.PARENT, id));
    names.add(new Name(RevocationKind.CREDENTIAL, id));
  }

  private static void addActors(Set<Name> names, @Nullable Actor first) {
    for (Actor actor = first; actor != null; actor = actor.act()) {
      addPerson(names, actor.sub());
      actor.sponsorChain().forEach(id -> addPerson(names, id));
    }
  }
}
