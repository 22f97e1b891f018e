package dev.relayauth.stack.launcher;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A description of the present run, for other commands and for a later run that must clean up. */
record RunFile(long launcher, String baseUrl, List<Entry> processes) {

  RunFile {
    processes = List.copyOf(processes);
  }

  /**
   * One process.
   *
   * @param pid -1 while there is none
   */
  record Entry(String name, long pid, int port) {}

  /** Reads the file, if there is a run or was one that got no chance to remove it. */
  static Optional<RunFile> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonObject json = new JsonObject(Files.readString(file));
    List<Entry> processes =
        json.getJsonArray("processes").stream()
            .map(JsonObject.class::cast)
            .map(
                each ->
                    new Entry(each.getString("name"), each.getLong("pid"), each.getInteger("port")))
            .toList();
    return Optional.of(new RunFile(json.getLong("launcher"), json.getString("baseUrl"), processes));
  }

  void write(Path file) {
    JsonArray each = new JsonArray();
    processes.forEach(
        entry ->
            each.add(
                new JsonObject()
                    .put("name", entry.name())
                    .put("pid", entry.pid())
                    .put("port", entry.port())));
    StateDirectory.writePrivately(
        file,
        new JsonObject()
            .put("launcher", launcher)
            .put("baseUrl", baseUrl)
            .put("processes", each)
            .encodePrettily());
  }
}
