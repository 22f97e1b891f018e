package dev.relayauth.common.outbound;

import dev.relayauth.common.outbound.Destinations.Destination;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Sends one message: to the very address that was checked, whatever the name resolves to a moment
 * later, and never on to where a redirect points.
 */
public final class OutboundPost {
  private static final int MAX_ERROR = 200;

  private final HttpClient client;
  private final Destinations destinations;
  private final Resolver resolver;
  private final long timeoutMillis;

  /** Sends to where {@code destinations} allows; one attempt takes {@code timeout} at most. */
  public OutboundPost(Vertx vertx, Destinations destinations, Resolver resolver, Duration timeout) {
    this.destinations = destinations;
    this.resolver = resolver;
    this.timeoutMillis = timeout.toMillis();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout((int) timeoutMillis)
                .setMaxHeaderSize(8 * 1024));
  }

  /** What came of an attempt. */
  public sealed interface Outcome {
    /** The receiver answered. */
    record Answered(int status) implements Outcome {
      /** Whether it took the message. */
      public boolean isSuccess() {
        return status / 100 == 2;
      }
    }

    /** Nobody was asked, or nobody answered. */
    record Unanswered(String why) implements Outcome {}
  }

  /** Whether the URL could be sent to, as far as is known now; a name may resolve later. Blocks. */
  public boolean mayReach(Destination to) {
    return !destinations.isPrivateName(to)
        && resolver.resolve(to.host()).stream()
            .allMatch(address -> destinations.mayReach(to, address));
  }

  /** Sends; for virtual threads. */
  public Outcome send(String url, Map<String, String> headers, String body) {
    Optional<Destination> to = Destinations.parse(url);
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
    RequestOptions options = options(to.get(), addresses.getFirst());
    headers.forEach(options::putHeader);
    return post(options, body);
  }

  private Outcome post(RequestOptions options, String body) {
    try {
      int status =
          client
              .request(options)
              .compose(request -> status(request, body))
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
              .join();
      return new Outcome.Answered(status);
    } catch (CompletionException e) {
      return new Outcome.Unanswered(reason(e));
    }
  }

  private RequestOptions options(Destination to, InetAddress address) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()))
        .setHost(to.host())
        .setPort(to.port())
        .setSsl(to.tls())
        .setURI(to.target())
        .setFollowRedirects(false)
        .setTimeout(timeoutMillis);
  }

  /** The status alone: what else the receiver says is neither read nor kept. */
  private static Future<Integer> status(HttpClientRequest request, String body) {
    return request
        .send(body)
        .map(
            response -> {
              int status = response.statusCode();
              // The reset ends the answer with an exception that nobody needs to hear of.
              response.exceptionHandler(reset -> {});
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
