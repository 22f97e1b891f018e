package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.token.InvalidJwkException;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.VerificationKey;
import dev.relayauth.token.config.OutsideConfig.TrustedIssuer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * The keys of one outside issuer, from the address or file that the operator configured: fetched
 * when first needed, every hour, and on an unknown {@code kid} at most once a minute. No redirect
 * is followed. Keys that could not be fetched anew count for a day. Blocking.
 */
final class IssuerKeys {
  private static final Logger LOG = Logger.getLogger(IssuerKeys.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final long DAY = Duration.ofDays(1).toNanos();
  private static final int MAX_BYTES = 256 * 1024;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Known known = new Known(KeySet.empty(), 0, false);
  private volatile long triedAt;
  private volatile boolean tried;

  private record Known(KeySet keys, long at, boolean any) {}

  /** Where the document is. */
  @FunctionalInterface
  interface Source {
    String read() throws IOException, InterruptedException;
  }

  IssuerKeys(Source source) {
    this.source = source;
  }

  /**
   * The keys of a configured issuer.
   *
   * @throws IllegalArgumentException when the configuration names no place, or one that isn't safe
   */
  static IssuerKeys of(TrustedIssuer issuer) {
    if (issuer.jwksFile().isPresent()) {
      Path file = issuer.jwksFile().get();
      return new IssuerKeys(() -> Files.readString(file));
    }
    URI uri =
        issuer
            .jwksUri()
            .filter(IssuerKeys::isSafe)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a trusted issuer needs a jwks-uri (https, or http to a loopback address)"
                            + " or a jwks-file: "
                            + issuer.issuer()));
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    return new IssuerKeys(() -> fetch(client, uri));
  }

  private static boolean isSafe(URI uri) {
    return uri.getHost() != null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())));
  }

  private static String fetch(HttpClient client, URI uri) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(
            HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("accept", "application/json")
                .build(),
            BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      byte[] read = body.readNBytes(MAX_BYTES + 1);
      if (response.statusCode() != 200 || read.length > MAX_BYTES) {
        throw new IOException("the keys were answered with " + response.statusCode());
      }
      return new String(read, StandardCharsets.UTF_8);
    }
  }

  /** The keys that a header's {@code kid} may mean: the one of that name, or all without a name. */
  List<VerificationKey> find(Optional<String> kid) {
    if (!known.any() || System.nanoTime() - known.at() > HOUR || !knows(kid)) {
      refresh();
    }
    Known current = known;
    if (!current.any() || System.nanoTime() - current.at() > DAY) {
      throw new ServiceUnavailableException("the keys of an outside issuer can't be had");
    }
    return kid.isEmpty() ? current.keys().keys() : current.keys().find(kid.get()).stream().toList();
  }

  private boolean knows(Optional<String> kid) {
    return kid.isEmpty() || known.keys().find(kid.get()).isPresent();
  }

  private void refresh() {
    lock.lock();
    try {
      if (tried && System.nanoTime() - triedAt < MINUTE) {
        return;
      }
      tried = true;
      triedAt = System.nanoTime();
      known = new Known(KeySet.parse(source.read()), System.nanoTime(), true);
    } catch (IOException | InvalidJwkException e) {
      LOG.warnf("the keys of an outside issuer can't be fetched: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
