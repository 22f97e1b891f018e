package dev.relayauth.examples.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a consumer keeps: one line of JSON an event, each event once. A database with a unique key
 * of source and id does the same. For one thread.
 */
public final class Ledger implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Key(String source, String id) {}

  private final FileChannel file;
  private final Set<Key> known = new HashSet<>();

  private Ledger(FileChannel file) {
    this.file = file;
  }

  /** Opens a ledger, or begins one. A line that a crash cut short is dropped: it comes again. */
  public static Ledger open(Path path) throws IOException {
    byte[] before = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Ledger ledger = new Ledger(file);
    int end = 0;
    for (int i = 0; i < before.length; i++) {
      if (before[i] == '\n') {
        JsonNode line = JSON.readTree(before, end, i - end);
        ledger.known.add(new Key(line.path("source").asText(), line.path("id").asText()));
        end = i + 1;
      }
    }
    file.truncate(end);
    file.position(end);
    return ledger;
  }

  /**
   * Keeps the events that it doesn't have, all on disk when it returns.
   *
   * @return how many were new
   */
  public int add(List<CloudEvent> events) throws IOException {
    int fresh = 0;
    for (CloudEvent event : events) {
      if (known.add(new Key(event.source(), event.id()))) {
        write(event);
        fresh++;
      }
    }
    file.force(false);
    return fresh;
  }

  private void write(CloudEvent event) throws IOException {
    ObjectNode line = JSON.createObjectNode();
    line.put("source", event.source()).put("id", event.id());
    line.put("type", event.type()).put("subject", event.subject());
    line.set("data", JSON.readTree(event.data()));
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
