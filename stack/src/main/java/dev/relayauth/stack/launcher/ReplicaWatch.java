package dev.relayauth.stack.launcher;

import dev.relayauth.stack.gateway.Replica;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Keeps the gateway away from copies that aren't ready, where a service has others. */
final class ReplicaWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(300);

  private final List<Replica> replicas;
  private final Thread thread;

  private ReplicaWatch(List<Replica> replicas) {
    this.replicas = replicas;
    this.thread = Thread.ofVirtual().name("replica-watch").unstarted(this::watch);
  }

  static ReplicaWatch start(Collection<List<Replica>> services) {
    List<Replica> replicas =
        services.stream().filter(copies -> copies.size() > 1).flatMap(List::stream).toList();
    ReplicaWatch watch = new ReplicaWatch(replicas);
    if (!replicas.isEmpty()) {
      watch.thread.start();
    }
    return watch;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        for (Replica replica : replicas) {
          replica.setAvailable(HttpProbe.isOk(replica.port(), "/q/health/ready"));
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
