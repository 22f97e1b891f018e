package dev.relayauth.audit.adapter.http;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One line of CSV (RFC 4180): every cell quoted, and none a formula. */
final class CsvLine {
  /** The names of the columns. */
  static final String HEADER =
      "id,action,identityId,orgId,workspaceId,plane,resource,result,sponsorId,sponsorChain,"
          + "metadata,ip,userAgent,requestId,traceId,tokenId,timestamp,createdAt\r\n";

  /** What makes a spreadsheet calculate. */
  private static final String FORMULA = "=+-@\t\r\n";

  private final StringBuilder line = new StringBuilder();

  private CsvLine() {}

  static String of(EntryView entry) {
    AuditRecord row = entry.content();
    CsvLine csv = new CsvLine();
    csv.cell(row.id()).cell(row.action()).cell(row.identityId()).cell(row.orgId());
    csv.cell(row.workspaceId()).cell(row.plane()).cell(row.resource()).cell(row.result().name());
    csv.cell(row.sponsorId()).cell(String.join(" ", row.sponsorChain()));
    csv.cell(new String(Json.write(row.metadata()), StandardCharsets.UTF_8));
    csv.cell(row.ip()).cell(row.userAgent()).cell(row.requestId()).cell(row.traceId());
    csv.cell(row.tokenId()).cell(row.timestamp().toString()).cell(entry.createdAt().toString());
    csv.line.setLength(csv.line.length() - 1);
    return csv.line.append("\r\n").toString();
  }

  private CsvLine cell(@Nullable String value) {
    if (value != null && !value.isEmpty()) {
      boolean formula = FORMULA.indexOf(value.charAt(0)) >= 0;
      line.append('"').append(formula ? "'" : "").append(value.replace("\"", "\"\"")).append('"');
    }
    line.append(',');
    return this;
  }
}
