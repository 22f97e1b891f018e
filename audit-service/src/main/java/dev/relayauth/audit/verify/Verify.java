package dev.relayauth.audit.verify;

import dev.relayauth.audit.domain.tree.Checkpoint;
import dev.relayauth.audit.domain.tree.NoteKey;
import dev.relayauth.audit.domain.tree.SignedNote;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code verify --export FILE --checkpoint FILE [--key KEY]}: holds a verifiable export against a
 * checkpoint and names what was altered, removed or inserted. Ends with 0 when nothing was, with 1
 * when something was, and with 2 when the files can't be used, or when the export ends before the
 * checkpoint: it may be older, or the log may have lost its end since.
 */
public final class Verify {
  private static final int WHOLE = 0;
  private static final int TAMPERED = 1;
  private static final int UNUSABLE = 2;

  private final PrintStream out;

  /** Printing to {@code out}. */
  public Verify(PrintStream out) {
    this.out = out;
  }

  /** The command. */
  public static void main(String[] arguments) {
    System.exit(new Verify(System.out).run(arguments));
  }

  /** Runs the command and returns its exit code. */
  public int run(String... arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i], arguments[i + 1]);
    }
    String export = options.get("--export");
    String checkpoint = options.get("--checkpoint");
    if (export == null || checkpoint == null || arguments.length % 2 != 0) {
      out.println("usage: audit verify --export FILE --checkpoint FILE [--key KEY]");
      return UNUSABLE;
    }
    try {
      return verify(Path.of(export), Path.of(checkpoint), options.get("--key"));
    } catch (IOException | IllegalArgumentException e) {
      out.println("can't verify: " + e.getMessage());
      return UNUSABLE;
    }
  }

  private int verify(Path export, Path note, @Nullable String key) throws IOException {
    NoteKey trusted = NoteKey.parse(key == null ? keyOf(export) : key);
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(Files.readString(note), trusted));
    if (!checkpoint.origin().equals(trusted.name())) {
      throw new IllegalArgumentException("the checkpoint is of another log than the key");
    }
    out.println("checkpoint of " + checkpoint.origin() + ": " + checkpoint.size() + " leaves");
    ExportVerification verification = new ExportVerification(checkpoint, trusted);
    read(export, verification::hashes);
    read(export, verification::entries);
    return print(checkpoint, verification.report());
  }

  private int print(Checkpoint checkpoint, ExportVerification.Report report) {
    out.printf(
        "%d leaves in the export: %d whole, %d erased, %d expired%n",
        report.leaves(), report.intact(), report.erased(), report.expired());
    if (report.leaves() > checkpoint.size()) {
      out.printf(
          "%d leaves are younger than the checkpoint: held against the export's own only%n",
          report.leaves() - checkpoint.size());
    }
    report.findings().forEach(finding -> out.println(finding.text()));
    if (!report.findings().isEmpty()) {
      out.println("FAILED: " + report.findings().size() + " findings");
      return TAMPERED;
    }
    if (report.leaves() < checkpoint.size()) {
      out.printf(
          "INCOMPLETE: the export ends before the checkpoint, and is whole up to its own of %d"
              + " leaves; nothing is known of the %d after it%n",
          report.leaves(), checkpoint.size() - report.leaves());
      out.println("            take the checkpoint first, and then the export");
      return UNUSABLE;
    }
    out.println("OK: nothing was altered, removed or inserted");
    return WHOLE;
  }

  private String keyOf(Path export) throws IOException {
    ExportLine.Reader reader = new ExportLine.Reader();
    String[] key = new String[1];
    read(
        export,
        line -> {
          if (line.startsWith("{\"checkpoint\"")
              && reader.read(line) instanceof ExportLine.Checkpoint own) {
            key[0] = own.verifierKey();
          }
        });
    if (key[0] == null) {
      throw new IllegalArgumentException("the export ends early, or is not a verifiable one");
    }
    out.println("WARNING: trusting the key that the export itself names: " + key[0]);
    out.println("         pass --key with the one you know to be the log's");
    return List.of(key).getFirst();
  }

  /** What is done with a line. */
  @FunctionalInterface
  private interface LineReader {
    void read(String line) throws IOException;
  }

  private static void read(Path file, LineReader reader) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.read(line);
      }
    }
  }
}
