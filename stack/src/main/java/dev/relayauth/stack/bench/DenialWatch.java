package dev.relayauth.stack.bench;

import dev.relayauth.stack.demo.Api;
import dev.relayauth.stack.demo.RevocationStopwatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks every replica of every service at once whether a token still opens it. */
final class DenialWatch implements AutoCloseable {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long SHORTEST_PAUSE = TimeUnit.MICROSECONDS.toNanos(500);
  private static final int DENIED = 401;

  private final Map<String, Api> verifiers = new TreeMap<>();
  private final ExecutorService pollers = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * A watch of those replicas.
   *
   * @param ports by the replica's name, such as {@code policy-2}
   */
  DenialWatch(Map<String, Integer> ports) {
    ports.forEach((name, port) -> verifiers.put(name, new Api("http://127.0.0.1:" + port, "none")));
  }

  List<String> names() {
    return List.copyOf(verifiers.keySet());
  }

  /** How many replicas permit the token, each asked once. */
  int permits(String token) {
    return (int)
        everywhere(name -> ask(name, token)).values().stream().filter(s -> s < 300).count();
  }

  /** The moments, by {@link System#nanoTime}, at which the first denial arrived from each. */
  Map<String, Long> firstDenials(String token) {
    return everywhere(name -> firstDenial(name, token));
  }

  private long firstDenial(String name, String token) {
    long began = System.nanoTime();
    long now = began;
    while (now - began < GIVE_UP_NANOS) {
      int status = ask(name, token);
      now = System.nanoTime();
      if (status == DENIED) {
        return now;
      }
      // Who asks without a pause measures itself, on cores that the services need.
      LockSupport.parkNanos(Math.max(SHORTEST_PAUSE, (now - began) / 4));
    }
    throw new IllegalStateException(name + " still permits a revoked token");
  }

  private int ask(String name, String token) {
    String service = name.substring(0, name.lastIndexOf('-'));
    String route = Objects.requireNonNull(RevocationStopwatch.ROUTES.get(service));
    return Objects.requireNonNull(verifiers.get(name)).as(token).get(route).status();
  }

  private interface Question<T> {
    T ask(String name);
  }

  private <T> Map<String, T> everywhere(Question<T> question) {
    Map<String, Future<T>> asked = new LinkedHashMap<>();
    names()
        .forEach(name -> asked.put(name, pollers.submit((Callable<T>) () -> question.ask(name))));
    Map<String, T> answers = new LinkedHashMap<>();
    asked.forEach((name, answer) -> answers.put(name, get(answer)));
    return answers;
  }

  private static <T> T get(Future<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    pollers.shutdownNow();
  }
}
