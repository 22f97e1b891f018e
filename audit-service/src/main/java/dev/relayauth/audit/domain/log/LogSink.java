package dev.relayauth.audit.domain.log;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.common.event.AuditRecord;
import java.util.List;
import java.util.OptionalLong;

/** Where records go in. */
public interface LogSink {
  /** How far a partition has been read, by the log's own account; empty before the first. */
  OptionalLong offset(String topic, int partition);

  /** Makes records ready, which takes most of the work and no lock. */
  Prepared prepare(List<Received> records, List<EpochReport> reports);

  /**
   * Commits records, what they and the reports say of epochs, and the offsets they came from
   * together. A record that is there already is left as it is, and counted no more.
   *
   * @return false when another reader has moved an offset; then nothing was stored
   */
  boolean store(Prepared records, List<Span> spans);

  /** Commits records that were not made ready yet. */
  default boolean store(List<AuditRecord> records, List<Span> spans) {
    return store(prepare(records.stream().map(Received::unnumbered).toList(), List.of()), spans);
  }

  /** Sets an offset that the topic no longer has to one that it has. */
  void reset(String topic, int partition, long next);

  /** Records as the sink that prepared them wants them. */
  interface Prepared {
    /** How many there are. */
    int count();
  }

  /**
   * A stretch of one partition.
   *
   * @param from the first offset, which must be what the log has on account
   * @param next the offset after the last
   */
  record Span(String topic, int partition, long from, long next) {}
}
