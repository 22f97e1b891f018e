package dev.relayauth.token.adapter.http;

import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import io.quarkus.arc.ClientProxy;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Issues tokens. Decided on the event loop; answered once the issue is committed. */
@Path(IssueRoute.PATH)
public final class TokenResource {
  private final Issuing issuing;
  private final CurrentRequest request;

  TokenResource(Issuing issuing, CurrentRequest request) {
    this.issuing = issuing;
    this.request = request;
  }

  /** Issues a pair for an identity of the caller's organisation. */
  @POST
  @NonBlocking
  @RequiresScope(IssueRoute.SCOPE)
  public CompletionStage<Response> issue(@Nullable IssueBody sent) {
    return issuing
        .issue(sent, ClientProxy.unwrap(request))
        .thenApply(issuance -> Answers.pair(201, issuance));
  }
}
