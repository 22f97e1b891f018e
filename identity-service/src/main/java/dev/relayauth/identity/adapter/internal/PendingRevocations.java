package dev.relayauth.identity.adapter.internal;

import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.common.revocation.RevocationKind;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Revocations that a write here demands. The demand commits with the write; the write answers once
 * the revocation service has committed the entry, and a demand that could not be delivered is
 * delivered later, in order.
 */
@Singleton
public final class PendingRevocations {
  private static final Logger LOG = Logger.getLogger(PendingRevocations.class);
  private static final long RETRY_MILLIS = 500;

  private final Transactions transactions;
  private final InternalClient client;
  private final IdSource ids;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pending-revocations").factory());

  PendingRevocations(Transactions transactions, InternalClient client, IdSource ids) {
    this.transactions = transactions;
    this.client = client;
    this.ids = ids;
  }

  /**
   * What is to be revoked.
   *
   * @param closed whether it kills tokens issued later too, until an open entry replaces it
   */
  public record Demand(
      String org,
      RevocationKind kind,
      String id,
      boolean closed,
      Cause cause,
      List<String> sponsorChain) {
    String target() {
      return kind.wireName() + "/" + id;
    }
  }

  /**
   * Why it is.
   *
   * @param author who asked for the write, and by which request
   */
  public record Cause(@Nullable String reason, OnBehalf author, Initiator initiator) {
    /**
     * Somebody asked for the write.
     *
     * @param subject who loses access, where that is somebody
     */
    public static Cause asked(@Nullable String reason, OnBehalf author, @Nullable String subject) {
      return new Cause(reason, author, Initiator.of(author.actorId(), subject));
    }
  }

  private record Row(long number, String body) {}

  void start(@Observes StartupEvent event) {
    timer.scheduleWithFixedDelay(this::retry, RETRY_MILLIS, RETRY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdownNow();
  }

  /** Puts a demand into the transaction that causes it. */
  public void demand(Transaction tx, Demand demand) throws SQLException {
    String eventId = ids.next(IdPrefix.EVENT);
    Map<String, Object> body = new java.util.LinkedHashMap<>();
    body.put("orgId", demand.org());
    body.put("type", demand.kind().wireName());
    body.put("targetId", demand.id());
    body.put("closed", demand.closed());
    Cause cause = demand.cause();
    if (cause.reason() != null) {
      body.put("reason", cause.reason());
    }
    body.put("actorId", cause.author().actorId());
    body.put("author", cause.author());
    body.put("initiator", cause.initiator());
    body.put("eventId", eventId);
    body.put("sponsorChain", demand.sponsorChain());
    tx.update(
        """
        insert into pending_revocation (event_id, org_id, target, body, created_at)
        values (?, ?, ?, ?::jsonb, ?)
        """,
        eventId,
        demand.org(),
        demand.target(),
        new String(Json.write(body), StandardCharsets.UTF_8),
        tx.clock().instant());
  }

  /**
   * Delivers every demand about the same thing, in order, and returns the sequence of the last
   * entry; 0 when somebody else has delivered it meanwhile.
   *
   * @throws ServiceUnavailableException when the revocation service is away; the demand stays
   */
  public long deliver(Demand demand) {
    return deliver(demand.org(), demand.target());
  }

  private long deliver(String org, String target) {
    return transactions.write(tx -> deliver(tx, org, target)).value();
  }

  private Long deliver(Transaction tx, String org, String target) throws SQLException {
    List<Row> rows =
        tx.query(
            """
            select n, body from pending_revocation where org_id = ? and target = ?
             order by n for update
            """,
            row -> new Row(row.getLong(1), row.getString(2)),
            org,
            target);
    long sequence = 0;
    for (Row row : rows) {
      sequence = send(row.body).revision();
      tx.update("delete from pending_revocation where n = ?", row.number);
    }
    return sequence;
  }

  private RevocationState send(String body) {
    Object json = Json.read(body.getBytes(StandardCharsets.UTF_8), Map.class);
    InternalClient.Reply reply =
        client.await(client.post("revocation", "/internal/v1/revocations", json));
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException("revocation answered " + reply.status());
    }
    return Json.read(reply.body(), RevocationState.class);
  }

  private void retry() {
    try {
      List<String[]> waiting =
          transactions.read(
              tx ->
                  tx.query(
                      """
                      select distinct org_id, target from pending_revocation
                       where created_at < now() - interval '1 second' limit 100
                      """,
                      row -> new String[] {row.getString(1), row.getString(2)}));
      waiting.forEach(row -> deliver(row[0], row[1]));
    } catch (StorageException | ServiceUnavailableException e) {
      LOG.warnf("revocations wait to be delivered: %s", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a revocation could not be delivered and is tried again", e);
    }
  }
}
