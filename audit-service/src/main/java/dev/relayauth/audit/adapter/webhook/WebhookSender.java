package dev.relayauth.audit.adapter.webhook;

import dev.relayauth.audit.adapter.postgres.PostgresDeliveries.Due;
import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.webhook.Destinations;
import dev.relayauth.audit.domain.webhook.Destinations.Destination;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Sends one message: to the very address that was checked, whatever the name resolves to a moment
 * later, and never on to where a redirect points.
 */
@Singleton
final class WebhookSender {
  private static final int MAX_ERROR = 200;

  private final HttpClient client;
  private final Destinations destinations;
  private final Resolver resolver;
  private final InstantSource clock;
  private final long timeoutMillis;

  WebhookSender(
      Vertx vertx,
      Destinations destinations,
      Resolver resolver,
      InstantSource clock,
      AuditConfig config) {
    this.destinations = destinations;
    this.resolver = resolver;
    this.clock = clock;
    this.timeoutMillis = config.webhooks().timeout().toMillis();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout((int) timeoutMillis)
                .setMaxHeaderSize(8 * 1024));
  }

  /** What came of an attempt. */
  sealed interface Outcome {
    /** The receiver answered. */
    record Answered(int status) implements Outcome {
      boolean isSuccess() {
        return status / 100 == 2;
      }
    }

    /** Nobody was asked, or nobody answered. */
    record Unanswered(String why) implements Outcome {}
  }

  /** Sends; for virtual threads. */
  Outcome send(Due due) {
    Optional<Destination> to = Destinations.parse(due.url());
    if (to.isEmpty()) {
      return new Outcome.Unanswered("the URL can't be read");
    }
    List<InetAddress> addresses = resolver.resolve(to.get().host());
    if (addresses.isEmpty()) {
      return new Outcome.Unanswered("the name doesn't resolve");
    }
    boolean allowed =
        addresses.stream().allMatch(address -> destinations.mayReach(to.get(), address));
    if (!allowed || destinations.isPrivateName(to.get())) {
      return new Outcome.Unanswered("the name leads to a private address");
    }
    return post(to.get(), addresses.getFirst(), due);
  }

  private Outcome post(Destination to, InetAddress address, Due due) {
    try {
      int status =
          client
              .request(options(to, address, due))
              .compose(request -> status(request, due.body()))
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
              .join();
      return new Outcome.Answered(status);
    } catch (CompletionException e) {
      return new Outcome.Unanswered(reason(e));
    }
  }

  private RequestOptions options(Destination to, InetAddress address, Due due) {
    long now = clock.instant().getEpochSecond();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()))
        .setHost(to.host())
        .setPort(to.port())
        .setSsl(to.tls())
        .setURI(to.target())
        .setFollowRedirects(false)
        .setTimeout(timeoutMillis)
        .putHeader("content-type", "application/json")
        .putHeader("user-agent", "RelayAuth-Webhooks/1")
        .putHeader("webhook-id", due.id())
        .putHeader("webhook-timestamp", Long.toString(now))
        .putHeader("webhook-signature", due.secret().sign(due.id(), now, due.body()));
  }

  /** The status alone: what else the receiver says is neither read nor kept. */
  private static Future<Integer> status(HttpClientRequest request, String body) {
    return request
        .send(body)
        .map(
            response -> {
              int status = response.statusCode();
              request.reset();
              return status;
            });
  }

  private static String reason(CompletionException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String text = cause.getClass().getSimpleName();
    return text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR);
  }
}
