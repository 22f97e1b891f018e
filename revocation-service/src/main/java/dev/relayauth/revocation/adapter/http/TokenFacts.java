package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.revocation.RevocationSubject.Name;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the token service knows of a token or session.
 *
 * @param rev the revocation sequence its issuer had applied; missing for a session
 * @param actors all that act for the subject, with their own sponsors
 * @param lineage the tokens and credentials it descends from
 */
record TokenFacts(
    @Nullable String orgId,
    @Nullable String jti,
    @Nullable String sid,
    @Nullable String kid,
    @Nullable String identityId,
    @Nullable List<String> sponsorChain,
    @Nullable String workspaceId,
    @Nullable List<String> lineage,
    @Nullable List<String> actors,
    @Nullable Long rev,
    @Nullable Instant expiresAt) {

  /** First the human, last the agent; empty when unknown. */
  List<String> chain() {
    return Optional.ofNullable(sponsorChain).orElse(List.of());
  }

  /**
   * The token as revocation sees it; empty without its organisation. One whose {@code rev} is not
   * known counts as older than every entry.
   */
  Optional<RevocationSubject> subject() {
    if (orgId == null) {
      return Optional.empty();
    }
    List<Name> names = new ArrayList<>();
    names.add(new Name(RevocationKind.ORGANIZATION, orgId));
    add(names, jti, RevocationKind.TOKEN);
    add(names, sid, RevocationKind.SESSION);
    add(names, kid, RevocationKind.KEY);
    add(names, workspaceId, RevocationKind.WORKSPACE);
    add(names, identityId, RevocationKind.IDENTITY);
    for (String person : chain()) {
      add(names, person, RevocationKind.IDENTITY, RevocationKind.SPONSOR);
    }
    for (String actor : Optional.ofNullable(actors).orElse(List.of())) {
      add(names, actor, RevocationKind.IDENTITY, RevocationKind.SPONSOR);
    }
    for (String ancestor : Optional.ofNullable(lineage).orElse(List.of())) {
      add(
          names,
          ancestor,
          RevocationKind.TOKEN,
          RevocationKind.SESSION,
          RevocationKind.PARENT,
          RevocationKind.CREDENTIAL);
    }
    return Optional.of(new RevocationSubject(orgId, names, rev == null ? 0 : rev));
  }

  private static void add(List<Name> names, @Nullable String id, RevocationKind... kinds) {
    if (id != null) {
      for (RevocationKind kind : kinds) {
        names.add(new Name(kind, id));
      }
    }
  }
}
