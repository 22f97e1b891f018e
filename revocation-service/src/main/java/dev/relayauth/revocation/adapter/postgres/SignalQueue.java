package dev.relayauth.revocation.adapter.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.config.SignalConfig;
import dev.relayauth.revocation.domain.signal.Signal;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What waits for receivers, in order. A queue that is full disables its stream, which says so. */
@Singleton
public final class SignalQueue {
  private static final String FULL = "too many events wait for the receiver";

  /** A stream that is deleted at this moment is waited for, so that no entry fails by it. */
  private static final String RECEIVERS =
      """
      select id, (select count(*) from
          (select 1 from signal_event where stream = s.id limit ?) waiting) >= ? as full
      from signal_stream s
      where org = ? and status <> 'disabled'
        and (requested is null or ? = any (requested))
      order by id
      for key share of s
      """;

  private static final String ADD =
      """
      insert into signal_event (stream, jti, event, identity, queued_at) values (?, ?, ?, ?, ?)
      """;
  private static final String DISABLE =
      "update signal_stream set status = 'disabled', reason = ? where id = ?";
  private static final String NEXT =
      "select * from signal_event where stream = ? order by n limit ?";
  private static final String FORGET = "delete from signal_event where queued_at < ?";

  private final Transactions transactions;
  private final IdSource ids;
  private final SignalConfig config;

  SignalQueue(Transactions transactions, IdSource ids, SignalConfig config) {
    this.transactions = transactions;
    this.ids = ids;
    this.config = config;
  }

  private record Receiver(String stream, boolean full) {}

  /**
   * An event that waits.
   *
   * @param claims without {@code iss} and {@code aud}
   * @param identity whose claims are to be added
   */
  public record Waiting(
      long number, String jti, Map<String, Object> claims, @Nullable String identity) {}

  /** Has every receiver of an organisation told that wants to hear of such events. */
  void publish(Transaction tx, String org, Signal signal) throws SQLException {
    int most = config.queue();
    List<Receiver> receivers =
        tx.query(
            RECEIVERS,
            row -> new Receiver(row.getString("id"), row.getBoolean("full")),
            most,
            most,
            org,
            signal.type().uri());
    for (Receiver receiver : receivers) {
      if (receiver.full()) {
        tx.update(DISABLE, FULL, receiver.stream());
        tx.update("delete from signal_event where stream = ?", receiver.stream());
        add(tx, receiver.stream(), Signal.updated(receiver.stream(), "disabled", FULL));
      } else {
        add(tx, receiver.stream(), signal);
      }
    }
  }

  /** Has one stream told. */
  void add(Transaction tx, String stream, Signal signal) throws SQLException {
    Instant now = tx.clock().instant();
    String jti = ids.next(IdPrefix.EVENT);
    String claims = new String(Json.write(signal.claims(jti, now)), UTF_8);
    tx.update(ADD, stream, jti, claims, signal.identity(), now);
  }

  /** What waits for a stream, the oldest first. Blocks. */
  public List<Waiting> next(String stream, int limit) {
    return transactions.read(tx -> tx.query(NEXT, SignalQueue::read, stream, limit));
  }

  /** Takes away what a receiver has, or doesn't want. Blocks. */
  public void acknowledge(String stream, Collection<String> jtis) {
    transactions.read(
        tx ->
            tx.update("delete from signal_event where stream = ? and jti = any (?)", stream, jtis));
  }

  /** Takes away what has waited for too long. */
  void forget(Transaction tx, Instant now) throws SQLException {
    tx.update(FORGET, now.minus(config.kept()));
  }

  @SuppressWarnings("unchecked")
  private static Waiting read(ResultSet row) throws SQLException {
    Map<String, Object> claims = Json.read(row.getString("event").getBytes(UTF_8), Map.class);
    return new Waiting(row.getLong("n"), row.getString("jti"), claims, row.getString("identity"));
  }
}
