package dev.relayauth.audit.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.tree.TreeLog;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Exports of the log, of any length: page by page, in constant memory. */
@Path("/v1/audit/export")
public final class ExportResource {
  private static final int BUFFER = 64 * 1024;
  private static final String FORMATS =
      Arrays.stream(ExportFormat.values()).map(Enum::name).collect(Collectors.joining(", "));

  private final AuditLog log;
  private final TreeLog trees;
  private final CurrentRequest request;

  ExportResource(AuditLog log, TreeLog trees, CurrentRequest request) {
    this.log = log;
    this.trees = trees;
    this.request = request;
  }

  /** The form, and the filters that the list takes. */
  public record Export(
      @Nullable String format,
      @JsonAlias("identity_id") @Nullable String identityId,
      @Nullable String action,
      @JsonAlias("workspace_id") @Nullable String workspaceId,
      @Nullable String plane,
      @Nullable String result,
      @Nullable String from,
      @Nullable String to,
      @JsonAlias("sponsor_id") @Nullable String sponsorId,
      @JsonAlias("token_id") @Nullable String tokenId,
      @JsonAlias("session_id") @Nullable String sessionId) {

    Map<String, String> filters() {
      String[] names = {
        "identityId",
        "action",
        "workspaceId",
        "plane",
        "result",
        "from",
        "to",
        "sponsorId",
        "tokenId",
        "sessionId"
      };
      @Nullable String[] values = {
        identityId, action, workspaceId, plane, result, from, to, sponsorId, tokenId, sessionId
      };
      return Stream.iterate(0, i -> i < names.length, i -> i + 1)
          .filter(i -> values[i] != null)
          .collect(Collectors.toMap(i -> names[i], i -> String.valueOf(values[i])));
    }
  }

  /** Streams every entry that the filters let through, newest first. */
  @POST
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public Response export(@Nullable Export body) {
    if (body == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON body is required");
    }
    ExportFormat format = format(body.format());
    AuditFilter filter = FilterParameters.read(body.filters()::get);
    String org = request.tenant().org();
    if (format == ExportFormat.verifiable) {
      return answer(format, verifiable(body, org));
    }
    PagesAhead pages = new PagesAhead(log, org, filter);
    StreamingOutput entries = out -> write(out, format, pages);
    return answer(format, entries);
  }

  /** The whole log with the hashes of its tree, so that whoever reads it can tell it is whole. */
  private StreamingOutput verifiable(Export body, String org) {
    if (!body.filters().isEmpty()) {
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, "a verifiable export is of everything: it takes no filter");
    }
    return new VerifiableExport(log, trees, org, trees.checkpoint(org, -1));
  }

  private static Response answer(ExportFormat format, StreamingOutput content) {
    return Response.ok(content)
        .type(format.mediaType())
        .header("Content-Disposition", "attachment; filename=\"audit." + format.name() + "\"")
        .header("Cache-Control", "no-store")
        .build();
  }

  private static void write(OutputStream target, ExportFormat format, PagesAhead pages)
      throws IOException {
    try (pages) {
      OutputStream out = new BufferedOutputStream(target, BUFFER);
      format.begin(out);
      boolean beginning = true;
      for (List<AuditEntry> page = pages.next(); !page.isEmpty(); page = pages.next()) {
        for (AuditEntry entry : page) {
          format.entry(out, entry, beginning);
          beginning = false;
        }
      }
      format.end(out);
      out.flush();
    }
  }

  private static ExportFormat format(@Nullable String name) {
    return Optional.ofNullable(name)
        .flatMap(
            text ->
                Arrays.stream(ExportFormat.values())
                    .filter(known -> known.name().equals(text))
                    .findFirst())
        .orElseThrow(
            () ->
                new RefusedException(
                    ErrorCode.VALIDATION_FAILED, "format must be one of " + FORMATS));
  }
}
