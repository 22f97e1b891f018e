package dev.relayauth.audit.adapter.kafka;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.audit.domain.log.LogSink;
import dev.relayauth.audit.domain.log.LogSink.Span;
import dev.relayauth.audit.domain.log.Received;
import dev.relayauth.common.outbox.StorageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/** Brings batches of messages into the log, with their offsets. */
@Singleton
final class Ingest {
  private final RecordReader reader;
  private final LogSink sink;
  private final DeadLetters deadLetters;
  private final Counter ingested;

  Ingest(RecordReader reader, LogSink sink, DeadLetters deadLetters, MeterRegistry metrics) {
    this.reader = reader;
    this.sink = sink;
    this.deadLetters = deadLetters;
    this.ingested = metrics.counter("relayauth.audit.ingested");
  }

  /** The messages of one poll, and where in which partitions they lie. */
  record Batch(List<ConsumerRecord<String, byte[]>> messages, List<Span> spans) {}

  /** A message that can't be read, and why. */
  private record Unreadable(ConsumerRecord<String, byte[]> message, String reason) {}

  /** A batch that is ready to be stored. */
  static final class Ready {
    private final Batch batch;
    private final LogSink.Prepared records;
    private final List<Unreadable> unreadable;

    private Ready(Batch batch, LogSink.Prepared records, List<Unreadable> unreadable) {
      this.batch = batch;
      this.records = records;
      this.unreadable = unreadable;
    }
  }

  /** Reads a batch. Stores nothing yet, so that the next can be read while this is stored. */
  Ready read(Batch batch) {
    List<Received> records = new ArrayList<>(batch.messages().size());
    List<EpochReport> reports = new ArrayList<>();
    List<Unreadable> unreadable = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> message : batch.messages()) {
      switch (reader.read(message)) {
        case RecordReader.Outcome.Readable readable -> records.add(readable.received());
        case RecordReader.Outcome.OfEpoch ofEpoch -> reports.add(ofEpoch.report());
        case RecordReader.Outcome.Unreadable reason ->
            unreadable.add(new Unreadable(message, reason.reason()));
      }
    }
    return new Ready(batch, sink.prepare(records, reports), unreadable);
  }

  /**
   * Stores what can be read and puts aside what can't. Throws when the store or the broker is away:
   * then nothing has moved, and the batch comes again.
   */
  void store(Ready ready) {
    ready.unreadable.forEach(one -> deadLetters.put(one.message(), one.reason()));
    try {
      store(ready.records, ready.batch.spans());
      ingested.increment(ready.records.count());
    } catch (StorageException e) {
      if (e.isUnavailable()) {
        throw e;
      }
      storeOneByOne(ready.batch, e);
    }
  }

  /** One of them is not for this store: the others must not wait for it. */
  private void storeOneByOne(Batch batch, StorageException refusal) {
    if (batch.messages().size() == 1) {
      deadLetters.put(batch.messages().getFirst(), "the store refuses it: " + refusal.getMessage());
      store(sink.prepare(List.of(), List.of()), batch.spans());
      return;
    }
    for (Span span : batch.spans()) {
      long from = span.from();
      List<ConsumerRecord<String, byte[]>> mine =
          batch.messages().stream().filter(m -> m.partition() == span.partition()).toList();
      for (int i = 0; i < mine.size(); i++) {
        boolean last = i == mine.size() - 1;
        long next = last ? span.next() : mine.get(i).offset() + 1;
        Span one = new Span(span.topic(), span.partition(), from, next);
        store(read(new Batch(List.of(mine.get(i)), List.of(one))));
        from = next;
      }
    }
  }

  private void store(LogSink.Prepared records, List<Span> spans) {
    if (!sink.store(records, spans)) {
      throw new KafkaException("another replica has read on: starting from its offset");
    }
  }
}
