package dev.relayauth.audit.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.ocsf.OcsfEvent;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.io.OutputStream;

/** The forms of an export; spelled as on the wire. */
enum ExportFormat {
  /** One JSON array. */
  json("application/json") {
    @Override
    void begin(OutputStream out) throws IOException {
      out.write('[');
    }

    @Override
    void entry(OutputStream out, AuditEntry entry, boolean first) throws IOException {
      if (!first) {
        out.write(',');
      }
      out.write(Json.write(EntryView.of(entry)));
    }

    @Override
    void end(OutputStream out) throws IOException {
      out.write(']');
    }
  },

  /** One JSON object a line. */
  ndjson("application/x-ndjson") {
    @Override
    void entry(OutputStream out, AuditEntry entry, boolean first) throws IOException {
      out.write(Json.write(EntryView.of(entry)));
      out.write('\n');
    }
  },

  /** Every entry as a line of JSON, and the tree's hashes: for the offline verifier. */
  verifiable("application/x-ndjson") {
    @Override
    void entry(OutputStream out, AuditEntry entry, boolean first) throws IOException {
      ndjson.entry(out, entry, first);
    }
  },

  /** One OCSF event a line. */
  ocsf("application/x-ndjson") {
    @Override
    void entry(OutputStream out, AuditEntry entry, boolean first) throws IOException {
      out.write(Json.write(OcsfEvent.of(entry)));
      out.write('\n');
    }
  },

  /** RFC 4180, with cells that no spreadsheet takes for a formula. */
  csv("text/csv;charset=utf-8") {
    @Override
    void begin(OutputStream out) throws IOException {
      out.write(CsvLine.HEADER.getBytes(UTF_8));
    }

    @Override
    void entry(OutputStream out, AuditEntry entry, boolean first) throws IOException {
      out.write(CsvLine.of(EntryView.of(entry)).getBytes(UTF_8));
    }
  };

  private final String mediaType;

  ExportFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  void begin(OutputStream out) throws IOException {}

  abstract void entry(OutputStream out, AuditEntry entry, boolean first) throws IOException;

  void end(OutputStream out) throws IOException {}
}
