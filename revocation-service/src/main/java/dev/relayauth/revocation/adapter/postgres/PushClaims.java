package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.revocation.config.SignalConfig;
import dev.relayauth.revocation.domain.signal.SignalStream;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Which streams this replica pushes to at the moment; one replica a stream. Blocks. */
@Singleton
public final class PushClaims {
  private static final int MOST = 16;
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final String CLAIM =
      """
      update signal_stream set leased_until = ? where id in (
        select id from signal_stream s
        where endpoint is not null and status <> 'paused' and next_attempt <= ?
          and leased_until <= ? and exists (select 1 from signal_event where stream = s.id)
        order by next_attempt limit ? for update skip locked)
      returning *
      """;
  private static final String RELEASE =
      "update signal_stream set leased_until = ?, attempts = 0, next_attempt = ? where id = ?";
  private static final String POSTPONE =
      """
      update signal_stream set leased_until = ?, attempts = attempts + 1,
        next_attempt = ?::timestamptz
          + least(? * power(2, least(attempts, 30)), ?) * interval '1 ms'
      where id = ?
      """;

  private final Transactions transactions;
  private final SignalRows rows;
  private final SignalConfig config;
  private final InstantSource clock;

  PushClaims(Transactions transactions, SignalRows rows, SignalConfig config, InstantSource clock) {
    this.transactions = transactions;
    this.rows = rows;
    this.config = config;
    this.clock = clock;
  }

  /** Streams that something waits for and nobody pushes to, for a minute. */
  public List<SignalStream> claim() {
    Instant now = clock.instant();
    return transactions.read(tx -> tx.query(CLAIM, rows::read, now.plus(LEASE), now, now, MOST));
  }

  /** The receiver took what it was sent. */
  public void release(SignalStream stream) {
    Instant now = clock.instant();
    transactions.read(tx -> tx.update(RELEASE, now, now, stream.id()));
  }

  /** The receiver didn't: it is tried again later, and later each time. */
  public void postpone(SignalStream stream) {
    Instant now = clock.instant();
    long first = config.firstRetry().toMillis();
    long most = config.longestRetry().toMillis();
    transactions.read(tx -> tx.update(POSTPONE, now, now, first, most, stream.id()));
  }
}
