package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.json.Json;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.adapter.postgres.IdentityStore.Filter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * {@code /v1/identities:export}: every identity that the list's filters match, newest first, one
 * JSON document a line. A page at a time is in memory, whatever their number; what changes while it
 * runs may or may not show.
 */
@Path("/v1/identities:export")
@RunOnVirtualThread
public final class IdentityExportResource {
  private static final int PAGE = 500;

  private final IdentityAdministration identities;
  private final CurrentRequest request;

  IdentityExportResource(IdentityAdministration identities, CurrentRequest request) {
    this.identities = identities;
    this.request = request;
  }

  /** Streams them. */
  @GET
  @Produces("application/x-ndjson")
  @RequiresScope("relayauth:identity:read")
  public StreamingOutput export(@BeanParam IdentityQuery query) {
    String org = request.tenant().org();
    Filter filter = query.filter(org, null).of(PAGE);
    // The first page before the first byte, so that a failure still has a status.
    List<View> first = identities.list(org, filter);
    return output -> write(output, org, filter, first);
  }

  private void write(OutputStream output, String org, Filter filter, List<View> first)
      throws IOException {
    List<View> page = first;
    while (!page.isEmpty()) {
      for (View view : page) {
        output.write(Json.write(IdentityView.of(view)));
        output.write('\n');
      }
      View last = page.getLast();
      page =
          page.size() <= PAGE
              ? List.of()
              : identities.list(org, filter.after(last.state().createdAt(), last.state().id()));
    }
  }
}
