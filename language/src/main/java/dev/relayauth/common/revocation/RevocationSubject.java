package dev.relayauth.common.revocation;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.Verification;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token or credential as revocation sees it: all the names by which it can be killed, and how far
 * its issuer was when it was issued.
 */
public final class RevocationSubject {
  private final String org;
  private final List<Name> names;
  private final long rev;
  private final long revOfTheWhole;
  private final long orgHash;

  /** A subject of these names whose issuer had applied {@code rev}. */
  public RevocationSubject(String org, List<Name> names, long rev) {
    this(org, names, rev, rev);
  }

  private RevocationSubject(String org, List<Name> names, long rev, long revOfTheWhole) {
    this.org = org;
    this.names = List.copyOf(names);
    this.rev = rev;
    this.revOfTheWhole = revOfTheWhole;
    this.orgHash = Fingerprint.of(org);
  }

  /** One name. The set looks in its own tenant, and for a key in the deployment. */
  public static final class Name {
    private final RevocationKind kind;
    private final String id;
    private final long hash;

    /** The name {@code id} of that kind. */
    public Name(RevocationKind kind, String id) {
      this.kind = kind;
      this.id = id;
      this.hash = Fingerprint.of(id, kind.ordinal() + 1);
    }

    /** What it names. */
    public RevocationKind kind() {
      return kind;
    }

    /** The id. */
    public String id() {
      return id;
    }

    long hash() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Name name && kind == name.kind && id.equals(name.id);
    }

    @Override
    public int hashCode() {
      return (int) hash;
    }

    @Override
    public String toString() {
      return kind.wireName() + " " + id;
    }
  }

  /** The tenant. */
  public String org() {
    return org;
  }

  /** Its names, none twice. */
  public List<Name> names() {
    return names;
  }

  /** The sequence that entries of that kind are compared with. */
  long rev(RevocationKind kind) {
    return switch (kind) {
      case ORGANIZATION, SPONSOR, WORKSPACE -> revOfTheWhole;
      default -> rev;
    };
  }

  long orgHash() {
    return orgHash;
  }

  /** A verified token. */
  public static RevocationSubject of(Verification.Valid token) {
    return of(token.claims(), token.kid());
  }

  /** The token with these claims, signed by that key. */
  public static RevocationSubject of(Claims claims, String kid) {
    List<Name> own = new ArrayList<>();
    own.add(new Name(RevocationKind.TOKEN, claims.jti()));
    own.add(new Name(RevocationKind.SESSION, claims.sid()));
    own.add(new Name(RevocationKind.KEY, kid));
    if (claims.wks() != null) {
      own.add(new Name(RevocationKind.WORKSPACE, claims.wks()));
    }
    own.add(new Name(RevocationKind.SPONSOR, claims.sponsorId()));
    List<String> people = new ArrayList<>();
    people.add(claims.sub());
    people.addAll(claims.sponsorChain());
    if (claims.act() != null) {
      people.addAll(claims.act().people());
    }
    List<String> ancestors = new ArrayList<>(claims.lineage());
    if (claims.parentTokenId() != null) {
      ancestors.add(claims.parentTokenId());
    }
    return ofIssued(claims.org(), own, people, ancestors, claims.rev());
  }

  /**
   * A token by what is known of it, without the token itself.
   *
   * @param own its own names: its id, its session, its key, its workspace
   * @param people its subject, who acts for that one, and all above them
   * @param ancestors its lineage: whatever it descends from, and who issued it for another
   * @param rev the last sequence its issuer had applied
   */
  public static RevocationSubject ofIssued(
      String org, List<Name> own, List<String> people, List<String> ancestors, long rev) {
    Set<Name> names = new LinkedHashSet<>(own);
    names.add(new Name(RevocationKind.ORGANIZATION, org));
    people.forEach(id -> addPerson(names, id));
    ancestors.forEach(id -> addAncestor(names, id));
    return new RevocationSubject(org, List.copyOf(names), rev);
  }

  /**
   * An identity or credential by name alone: it stays what it is when something of it is revoked,
   * so that only closed entries kill it.
   *
   * @param sponsorChain its sponsor, and the identity it names with that one's chain
   */
  public static RevocationSubject ofCredential(
      String org, String credentialId, @Nullable String workspaceId, List<String> sponsorChain) {
    return ofCredential(
        org,
        credentialId,
        workspaceId == null ? List.of() : List.of(workspaceId),
        sponsorChain,
        Long.MAX_VALUE);
  }

  /**
   * An API key or workspace token presented itself. It survives when its identity is narrowed, but
   * not when the organisation, a workspace or the sponsor is revoked after it was made.
   *
   * @param workspaces its own, and that of the identity it names
   * @param sponsorChain its sponsor, and the identity it names with that one's chain
   * @param rev the sequence that the service which made it had applied
   */
  public static RevocationSubject ofCredential(
      String org,
      String credentialId,
      List<String> workspaces,
      List<String> sponsorChain,
      long rev) {
    Set<Name> names = new LinkedHashSet<>();
    addAncestor(names, credentialId);
    names.add(new Name(RevocationKind.ORGANIZATION, org));
    workspaces.forEach(id -> names.add(new Name(RevocationKind.WORKSPACE, id)));
    sponsorChain.forEach(id -> addPerson(names, id));
    return new RevocationSubject(org, List.copyOf(names), Long.MAX_VALUE, rev);
  }

  /** A sponsor is a human or an identity, and either may have been revoked as the other. */
  private static void addPerson(Set<Name> names, String id) {
    names.add(new Name(RevocationKind.IDENTITY, id));
    names.add(new Name(RevocationKind.SPONSOR, id));
  }

  private static void addAncestor(Set<Name> names, String id) {
    if (id.startsWith(IdPrefix.IDENTITY.text()) || id.startsWith(IdPrefix.SPONSOR.text())) {
      addPerson(names, id);
      return;
    }
    if (id.startsWith(IdPrefix.WORKSPACE.text())) {
      names.add(new Name(RevocationKind.WORKSPACE, id));
      return;
    }
    if (id.startsWith(IdPrefix.SESSION.text())) {
      names.add(new Name(RevocationKind.SESSION, id));
      return;
    }
    names.add(new Name(RevocationKind.TOKEN, id));
    names.add(new Name(RevocationKind.PARENT, id));
    names.add(new Name(RevocationKind.CREDENTIAL, id));
  }
}
