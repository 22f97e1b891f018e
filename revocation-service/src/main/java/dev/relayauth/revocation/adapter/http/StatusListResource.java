package dev.relayauth.revocation.adapter.http;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Open;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.revocation.config.RevocationConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * Token Status Lists (draft-ietf-oauth-status-list §8), for anybody. The token service renders and
 * signs them; each is kept here for its {@code ttl}, by which it may lag.
 */
@Path("/v1/revocations/status-list")
public final class StatusListResource {
  private static final String TYPE = "application/statuslist+jwt";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final int MAX_LISTS = 1_000;
  private static final int MAX_LOOKUPS = 16;
  private static final int NOT_FOUND = 404;

  private final InternalClient client;
  private final long ttlSeconds;
  private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);
  private final AsyncCache<Integer, Optional<String>> lists;

  StatusListResource(InternalClient client, RevocationConfig config) {
    this.client = client;
    this.ttlSeconds = config.statusListTtl().toSeconds();
    this.lists =
        Caffeine.newBuilder()
            .maximumSize(MAX_LISTS)
            .expireAfterWrite(config.statusListTtl())
            .buildAsync();
  }

  /** A list as a signed JWT; 503 while the token service can't know what is revoked. */
  @GET
  @Path("/{list}")
  @Open
  @RunOnVirtualThread
  public Response get(@PathParam("list") String list) {
    return list(number(list))
        .map(
            jwt ->
                Response.ok(jwt.getBytes(StandardCharsets.US_ASCII), TYPE)
                    .header("Cache-Control", "public, max-age=" + ttlSeconds)
                    .header("Access-Control-Allow-Origin", "*")
                    .build())
        .orElseThrow(
            () -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such status list"));
  }

  private static int number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a status list has a number");
    }
    return Integer.parseInt(text);
  }

  private Optional<String> list(int number) {
    CompletableFuture<Optional<String>> known = lists.getIfPresent(number);
    if (known != null) {
      return await(known);
    }
    if (!lookups.tryAcquire()) {
      throw RefusedException.rateLimited(
          "too many lists are being made; try again shortly", MAX_LOOKUPS, 1);
    }
    try {
      return await(lists.get(number, (key, executor) -> fetch(key)));
    } finally {
      lookups.release();
    }
  }

  private static Optional<String> await(CompletableFuture<Optional<String>> list) {
    try {
      return list.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    } catch (ExecutionException e) {
      throw new ServiceUnavailableException(e);
    }
  }

  /** Never waits: the cache holds a lock meanwhile, which its upkeep takes on the common pool. */
  private CompletableFuture<Optional<String>> fetch(int number) {
    return client
        .get("token", "/internal/v1/status-lists/" + number)
        .thenApply(StatusListResource::read);
  }

  private static Optional<String> read(InternalClient.Reply reply) {
    if (reply.status() == NOT_FOUND) {
      return Optional.empty();
    }
    if (!reply.isSuccess()) {
      throw new ServiceUnavailableException("token answered " + reply.status());
    }
    return Optional.of(new String(reply.body(), StandardCharsets.US_ASCII));
  }
}
