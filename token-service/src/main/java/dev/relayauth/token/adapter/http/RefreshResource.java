package dev.relayauth.token.adapter.http;

import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Open;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.token.domain.refreshing.RefreshRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exchanges a refresh token for the next pair of its family. */
@Path("/v1/tokens/refresh")
public final class RefreshResource {
  private final FreshFeeds feeds;
  private final Possession possession;
  private final RefreshFlow flow;
  private final CurrentRequest request;

  RefreshResource(
      FreshFeeds feeds, Possession possession, RefreshFlow flow, CurrentRequest request) {
    this.feeds = feeds;
    this.possession = possession;
    this.flow = flow;
    this.request = request;
  }

  /** The next pair. */
  @POST
  @Open
  @RunOnVirtualThread
  public Response refresh(@Nullable RefreshBody sent, @Context HttpHeaders headers) {
    long rev = feeds.rev();
    RefreshBody body = Answers.required(sent);
    new Violations().text(body.refreshToken(), "/refreshToken").throwIfAny();
    RefreshFlow.Found found = flow.find(Answers.required(body.refreshToken()));
    return Answers.pair(
        200,
        flow.refresh(
            found,
            JwtType.JWT,
            new RefreshRequest(
                possession.proved(headers),
                Optional.empty(),
                Set.of(),
                false,
                Optional.ofNullable(request.ip())),
            rev));
  }
}
