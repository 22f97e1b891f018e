package dev.relayauth.audit.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.relayauth.audit.adapter.postgres.PostgresEpochs;
import dev.relayauth.audit.domain.epoch.Epoch;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.PlatformOnly;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether what each node has taken is in the log: of every tenant, so the operator's. */
@Path("/v1/audit/epochs")
public final class EpochResource {
  private static final String LIST = "epochs";

  private final PostgresEpochs epochs;

  EpochResource(PostgresEpochs epochs) {
    this.epochs = epochs;
  }

  /** An epoch as clients read it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record View(
      String id,
      String source,
      String service,
      String node,
      Epoch.State state,
      long records,
      long highest,
      @Nullable Long expected,
      @Nullable Long missing,
      Instant startedAt,
      @Nullable Instant openedAt,
      Instant lastSeenAt,
      @Nullable Instant closedAt) {

    static View of(Epoch epoch) {
      return new View(
          epoch.id(),
          epoch.source(),
          epoch.service(),
          epoch.node(),
          epoch.state(),
          epoch.records(),
          epoch.highest(),
          epoch.expected(),
          epoch.missing(),
          epoch.startedAt(),
          epoch.openedAt(),
          epoch.lastSeenAt(),
          epoch.closedAt());
    }
  }

  /** Epochs of all nodes, newest first. */
  @GET
  @PlatformOnly
  @RunOnVirtualThread
  public Page<View> list(
      @QueryParam("limit") @Nullable String limitText,
      @QueryParam("cursor") @Nullable String cursorText) {
    int limit = Cursor.limit(limitText);
    return Page.of(
        epochs.page(limit + 1, Cursor.decode(cursorText, LIST)),
        limit,
        LIST,
        View::of,
        epoch -> new Cursor(epoch.startedAt(), epoch.id()));
  }
}
