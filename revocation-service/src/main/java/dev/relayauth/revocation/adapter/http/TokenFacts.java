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
 * @param lineage what it descends from: tokens, credentials, and who issued it with their places
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
    List<Name> own = new ArrayList<>();
    add(own, RevocationKind.TOKEN, jti);
    add(own, RevocationKind.SESSION, sid);
    add(own, RevocationKind.KEY, kid);
    add(own, RevocationKind.WORKSPACE, workspaceId);
    List<String> people = new ArrayList<>(chain());
    if (identityId != null) {
      people.add(identityId);
    }
    people.addAll(Optional.ofNullable(actors).orElse(List.of()));
    List<String> ancestors = Optional.ofNullable(lineage).orElse(List.of());
    return Optional.of(
        RevocationSubject.ofIssued(orgId, own, people, ancestors, rev == null ? 0 : rev));
  }

  private static void add(List<Name> names, RevocationKind kind, @Nullable String id) {
    if (id != null) {
      names.add(new Name(kind, id));
    }
  }
}
