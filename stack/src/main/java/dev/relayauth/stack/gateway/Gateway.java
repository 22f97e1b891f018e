package dev.relayauth.stack.gateway;

import dev.relayauth.stack.ServiceName;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A reverse proxy on one loopback port: each path goes to a replica of the service that owns it,
 * internal and management paths go nowhere.
 */
public final class Gateway implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(10);

  private final Vertx vertx;
  private final AtomicInteger underWay;

  private Gateway(Vertx vertx, AtomicInteger underWay) {
    this.vertx = vertx;
    this.underWay = underWay;
  }

  /**
   * Starts a gateway and returns when it listens.
   *
   * @param balancers ports for the services' own calls to each other, each of which leads to a
   *     replica of one service whatever the path
   * @throws IllegalStateException if a port can't be bound
   */
  public static Gateway start(
      int port, Map<ServiceName, List<Replica>> services, Map<ServiceName, Integer> balancers) {
    int loops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setWorkerPoolSize(2));
    Map<ServiceName, Replicas> replicas = new TreeMap<>();
    services.forEach((service, copies) -> replicas.put(service, new Replicas(copies)));
    AtomicInteger underWay = new AtomicInteger();
    try {
      vertx
          .deployVerticle(
              () -> new GatewayVerticle(port, replicas, balancers, underWay),
              new DeploymentOptions().setInstances(loops))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      vertx.close();
      throw new IllegalStateException("the gateway can't listen on port " + port, e.getCause());
    }
    return new Gateway(vertx, underWay);
  }

  /** Lets the requests that are under way end, within bounds, then closes every connection. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + DRAIN.toNanos();
    try {
      while (underWay.get() > 0 && System.nanoTime() < deadline) {
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
