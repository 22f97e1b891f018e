package dev.relayauth.common.revision;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.freshness.FeedOwners;
import dev.relayauth.common.projection.Feeds;
import dev.relayauth.common.projection.TopicProjection;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writes revisions for clients, and waits for those they send back. */
@Singleton
public final class Revisions {
  private final RevisionCodec codec;
  private final Feeds feeds;
  private final String service;
  private final Duration limit;
  private final String nothing;

  Revisions(RelayAuthConfig config, Feeds feeds) {
    this.codec = new RevisionCodec(Base64.getUrlDecoder().decode(config.revisionKey()));
    this.feeds = feeds;
    this.service = config.service();
    this.limit = config.freshness().waitForRevision();
    this.nothing = codec.encode(Revision.of(service, 0));
  }

  /** The text of a write of this service. */
  public String of(long sequence) {
    return sequence == 0 ? nothing : codec.encode(Revision.of(service, sequence));
  }

  /** The text of any revision. */
  public String encode(Revision revision) {
    return codec.encode(revision);
  }

  /**
   * Completes once this replica has applied what the revision names, as far as it reads those
   * feeds; with false when that takes longer than the limit.
   *
   * @throws RefusedException when the text is not a revision of ours
   */
  public CompletableFuture<Boolean> await(String text) {
    Revision revision =
        codec
            .decode(text)
            .orElseThrow(
                () ->
                    new RefusedException(
                        ErrorCode.VALIDATION_FAILED,
                        "Relay-Revision is not one that we issued; leave it out or send it unchanged"));
    List<CompletableFuture<Boolean>> waits = new ArrayList<>();
    for (String topic : feeds.topics()) {
      Long sequence = FeedOwners.ownerOf(topic).map(revision.sequences()::get).orElse(null);
      if (sequence != null) {
        waits.add(await(topic, sequence));
      }
    }
    return waits.stream()
        .reduce(
            CompletableFuture.completedFuture(true),
            (left, right) -> left.thenCombine(right, Boolean::logicalAnd));
  }

  private CompletableFuture<Boolean> await(String topic, long sequence) {
    return feeds
        .find(topic)
        .map(TopicProjection::applied)
        .map(applied -> applied.await(sequence, limit))
        .orElse(CompletableFuture.completedFuture(true));
  }
}
