package dev.relayauth.local;

/** A server that this process started and must stop. */
public sealed interface Server extends AutoCloseable permits LocalPostgres, LocalKafka {

  /** Where clients connect: a JDBC URL, or a bootstrap {@code host:port}. */
  String address();

  /** Returns when the server has ended, by itself or by {@link #close()}. */
  void awaitEnd() throws InterruptedException;

  /** Stops the server in order and returns when it has ended; a second call does nothing. */
  @Override
  void close();
}
