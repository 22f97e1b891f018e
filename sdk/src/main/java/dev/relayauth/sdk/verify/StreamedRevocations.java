package dev.relayauth.sdk.verify;

import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.http.WholeAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The revocation feed as RelayAuth streams it: a snapshot, then each change as it is committed.
 *
 * <p>The stream makes it fast. What proves that it is recent is a round trip of its own: a delta of
 * the snapshot, asked for a few times within the bound, counts from the moment it was asked for. A
 * stream that some proxy holds back proves nothing, so it can't keep a revoked token alive; neither
 * can an answer that is no snapshot, whatever its status. An answer that stalls is given up and
 * asked for again, and a stream without a sign of life within the bound is opened anew.
 */
final class StreamedRevocations implements RevocationFeed {
  private static final System.Logger LOG = System.getLogger(StreamedRevocations.class.getName());

  /** Some hundred bytes an entry: more than a verifier would keep in memory anyway. */
  private static final int MAX_SNAPSHOT = 512 << 20;

  private static final int MAX_LINE = 64 << 10;
  private static final int PROOFS_A_BOUND = 4;
  private static final Duration RETRY = Duration.ofMillis(250);

  /** A stream beats four times a second. */
  private static final Duration LEAST_SILENCE = Duration.ofSeconds(1);

  private static final Duration WHOLE_SNAPSHOT = Duration.ofSeconds(30);
  private static final Duration FIRST_PROOF = Duration.ofSeconds(5);

  private final HttpClient http;
  private final String baseUrl;
  private final Supplier<Secret> credential;
  private final long boundNanos;
  private final Duration pause;
  private final long silenceNanos;
  private final Object applying = new Object();
  private final CountDownLatch firstProof = new CountDownLatch(1);
  private volatile RevocationSet entries = new RevocationSet();
  private volatile @Nullable Long head;
  private volatile long provenAt;
  private volatile boolean proven;
  private volatile boolean running = true;
  private volatile @Nullable InputStream stream;
  private volatile long heardAt;

  StreamedRevocations(
      HttpClient http, String baseUrl, Supplier<Secret> credential, Duration bound) {
    this.http = http;
    this.baseUrl = baseUrl;
    this.credential = credential;
    this.boundNanos = bound.toNanos();
    this.pause = bound.dividedBy(PROOFS_A_BOUND);
    this.silenceNanos = Math.max(boundNanos, LEAST_SILENCE.toNanos());
  }

  /** Starts; waits a while for the first proof, so that a token verified at once isn't refused. */
  void start() {
    daemon("relayauth-revocation-proofs", this::prove).start();
    daemon("relayauth-revocation-stream", this::listen).start();
    try {
      if (!firstProof.await(FIRST_PROOF.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "no revocation feed from {0} yet", baseUrl);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public RevocationSet entries() {
    return entries;
  }

  @Override
  public boolean isFresh() {
    return proven && System.nanoTime() - provenAt < boundNanos;
  }

  @Override
  public void close() {
    running = false;
    proven = false;
    hangUp();
  }

  /** Ends the stream that is open; whoever reads it opens another while this runs. */
  private void hangUp() {
    InputStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException alreadyGone) {
        LOG.log(System.Logger.Level.TRACE, "the stream was gone already");
      }
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  // --- Proofs ---------------------------------------------------------------------------------

  private void prove() {
    while (running) {
      hangUpWhenSilent();
      try {
        long asked = System.nanoTime();
        ask();
        provenAt = asked;
        proven = true;
        firstProof.countDown();
        rest(pause);
      } catch (IOException | RuntimeException e) {
        // RuntimeException too: a credential that can't be had now may be had later.
        LOG.log(System.Logger.Level.DEBUG, "no proof of recent revocations: {0}", e.getMessage());
        rest(RETRY);
      }
    }
  }

  /** Nobody ends a stream whose connection is dead, so its reader would wait for ever. */
  private void hangUpWhenSilent() {
    if (stream != null && System.nanoTime() - heardAt > silenceNanos) {
      LOG.log(System.Logger.Level.DEBUG, "the revocation stream is silent: {0}", baseUrl);
      hangUp();
    }
  }

  private void ask() throws IOException {
    Long since = head;
    String path = "/v1/revocations/snapshot" + (since == null ? "" : "?since=" + since);
    HttpResponse<byte[]> answer =
        WholeAnswer.of(
            http,
            request(path).header("Cache-Control", "no-cache").build(),
            MAX_SNAPSHOT,
            WHOLE_SNAPSHOT);
    if (answer.statusCode() != 200) {
      throw new IOException("the snapshot answered " + answer.statusCode());
    }
    take(FeedMessages.snapshot(answer.body(), since));
  }

  private void take(FeedMessages.Snapshot snapshot) {
    synchronized (applying) {
      RevocationSet target = snapshot.complete() ? new RevocationSet() : entries;
      snapshot.removed().forEach(gone -> remove(target, gone));
      snapshot.entries().forEach(target::apply);
      entries = target;
      head = snapshot.head();
    }
  }

  private static void remove(RevocationSet target, RevocationEntry gone) {
    target.remove(gone.org(), gone.kind(), gone.id(), gone.seq());
  }

  // --- The stream -----------------------------------------------------------------------------

  private void listen() {
    while (running) {
      try {
        follow();
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "the revocation stream ended: {0}", e.getMessage());
      }
      rest(RETRY);
    }
  }

  private void follow() throws IOException {
    HttpRequest.Builder request =
        request("/v1/revocations/stream").setHeader("Accept", "text/event-stream");
    Long place = head;
    if (place != null) {
      request.header("Last-Event-ID", place.toString());
    }
    HttpResponse<InputStream> answer =
        WholeAnswer.begun(http, request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      if (answer.statusCode() != 200) {
        throw new IOException("the stream answered " + answer.statusCode());
      }
      heardAt = System.nanoTime();
      stream = body;
      // Closed before there was a stream to end.
      if (running) {
        read(lines);
      }
    } finally {
      stream = null;
    }
  }

  private void read(BufferedReader lines) throws IOException {
    String event = "";
    for (String line = line(lines); running && line != null; line = line(lines)) {
      heardAt = System.nanoTime();
      if (line.startsWith("event:")) {
        event = line.substring(6).trim();
      } else if (line.startsWith("data:") && event.equals("revocation")) {
        change(FeedMessages.change(line.substring(5)));
      } else if (line.startsWith("data:") && event.equals("reset")) {
        head = null;
      }
    }
  }

  /** The next line; null at the end. */
  private static @Nullable String line(Reader characters) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = characters.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.length() == MAX_LINE) {
        throw new IOException("a line longer than " + MAX_LINE);
      }
      line.append((char) next);
      next = characters.read();
    }
    return line.toString().stripTrailing();
  }

  private void change(FeedMessages.Change change) {
    synchronized (applying) {
      if (change.removed()) {
        remove(entries, change.entry());
      } else {
        entries.apply(change.entry());
      }
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + path));
    return request.header("Authorization", "Bearer " + credential.get().value());
  }

  private static void rest(Duration length) {
    try {
      Thread.sleep(length.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
