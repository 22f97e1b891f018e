package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.revision.Revisions;
import jakarta.inject.Singleton;

/** The revision of a write that may have killed tokens as well. */
@Singleton
final class Revision {
  private final Revisions revisions;
  private final CurrentRequest request;

  Revision(Revisions revisions, CurrentRequest request) {
    this.revisions = revisions;
    this.request = request;
  }

  /** Puts it on the answer. */
  void wrote(long sequence, long revocation) {
    var own = dev.relayauth.common.revision.Revision.of("identity", sequence);
    request.wrote(
        revisions.encode(
            revocation == 0
                ? own
                : own.and(dev.relayauth.common.revision.Revision.of("revocation", revocation))));
  }
}
