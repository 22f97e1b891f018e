package dev.relayauth.common.outbox;

import jakarta.inject.Singleton;

/** The highest committed sequence of each feed that this service owns. */
@Singleton
public final class FeedHeads {
  private final Transactions transactions;

  FeedHeads(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Reads the highest committed sequence of a topic from the database; 0 when it has none. */
  public long read(String topic) {
    return transactions.read(
        tx ->
            tx.first("select seq from feed_head where topic = ?", row -> row.getLong(1), topic)
                .orElse(0L));
  }
}
