package dev.relayauth.policy.adapter.internal;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.policy.domain.decision.DecisionRecord;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The records of decisions, which the audit service keeps. Blocking. */
@Singleton
public final class DecisionRecords {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int ATTEMPTS = 40;

  private final InternalClient client;

  DecisionRecords(InternalClient client) {
    this.client = client;
  }

  private record Found(List<AuditRecord> entries) {}

  /**
   * The record of that id. One that has just been made may be on its way: it is waited for, for two
   * seconds.
   *
   * @throws ServiceUnavailableException when the audit service is away
   */
  public Optional<AuditRecord> find(String org, String id) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      InternalClient.Reply reply =
          client.await(client.get("audit", "/internal/v1/audit/" + org + "/" + id));
      if (reply.isSuccess()) {
        return Optional.of(Json.read(reply.body(), AuditRecord.class))
            .filter(found -> found.action().equals(DecisionRecord.ACTION));
      }
      if (reply.status() != 404) {
        throw new ServiceUnavailableException("audit answered " + reply.status());
      }
      pause();
    }
    return Optional.empty();
  }

  /** At most {@code limit} records of a period, newest first; {@code to} is not part of it. */
  public List<AuditRecord> page(String org, Instant from, Instant to, int limit) {
    String query =
        "?action=" + DecisionRecord.ACTION + "&from=" + from + "&to=" + to + "&limit=" + limit;
    InternalClient.Reply reply =
        client.await(client.get("audit", "/internal/v1/audit/" + org + query));
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException("audit answered " + reply.status());
    }
    return Json.read(reply.body(), Found.class).entries();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    }
  }
}
