package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.Topics;
import dev.relayauth.common.freshness.Freshness;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.common.revision.Revisions;
import jakarta.inject.Singleton;
import java.util.Map;

/** How far this replica is, as text for clients; rendered anew only when it has moved. */
@Singleton
final class KnownRevision {
  private final Freshness freshness;
  private final Revisions revisions;
  private volatile Known last = new Known(-1, -1, -1, "");

  KnownRevision(Freshness freshness, Revisions revisions) {
    this.freshness = freshness;
    this.revisions = revisions;
  }

  /** The sequences applied, and their text. */
  record Known(long policy, long identity, long revocation, String text) {}

  /** Read before a decision, it never claims more than the decision saw. */
  Known now() {
    long policy = freshness.applied(Topics.POLICY);
    long identity = freshness.applied(Topics.IDENTITY);
    long revocation = freshness.applied(Topics.REVOCATION);
    Known known = last;
    if (known.policy != policy || known.identity != identity || known.revocation != revocation) {
      known = new Known(policy, identity, revocation, text(policy, identity, revocation));
      last = known;
    }
    return known;
  }

  private String text(long policy, long identity, long revocation) {
    return revisions.encode(
        new Revision(Map.of("policy", policy, "identity", identity, "revocation", revocation)));
  }
}
