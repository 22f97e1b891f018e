package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import dev.relayauth.stack.gateway.Gateway;
import dev.relayauth.stack.gateway.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs the stack: storage, then the services, then the gateway. What ends by itself is started
 * again; {@link #stop} ends everything in the opposite order.
 */
final class Supervisor implements Child.Listener {
  private final StateDirectory state;
  private final Topology topology;
  private final Blueprint blueprint;
  private final Storage storage;
  private final Progress progress;
  private final Duration stopLimit;
  private final List<Child> storageChildren = new CopyOnWriteArrayList<>();
  private final List<Child> serviceChildren = new CopyOnWriteArrayList<>();
  private final Lock stopping = new ReentrantLock();
  private final Map<String, Replica> replicas = new ConcurrentHashMap<>();
  private final Set<Child> away = ConcurrentHashMap.newKeySet();
  private @Nullable Gateway gateway;
  private @Nullable ReplicaWatch watch;
  private volatile boolean up;
  private volatile boolean open;
  private volatile boolean stopped;

  /**
   * @param stopLimit how long a process may take to stop before it is killed
   */
  Supervisor(
      StateDirectory state,
      Topology topology,
      Blueprint blueprint,
      Storage storage,
      Progress progress,
      Duration stopLimit) {
    this.state = state;
    this.topology = topology;
    this.blueprint = blueprint;
    this.storage = storage;
    this.progress = progress;
    this.stopLimit = stopLimit;
  }

  /**
   * Starts everything and returns when it is ready.
   *
   * @throws StartException naming the process that doesn't start
   */
  void start() throws IOException, InterruptedException {
    startStorage();
    Map<ServiceName, List<Replica>> copies = new EnumMap<>(ServiceName.class);
    for (Topology.Copy copy : topology.copies()) {
      Replica replica = new Replica(copy.node(), copy.port());
      replicas.put(copy.node(), replica);
      copies.computeIfAbsent(copy.service(), _ -> new ArrayList<>()).add(replica);
    }
    // Before the services: none of them is ready until it reaches the others, through this.
    gateway = Gateway.start(topology.port(), copies, topology.balancers());
    startServices();
    watch = ReplicaWatch.start(copies.values());
    progress.done("gateway", topology.baseUrl());
    up = true;
    writeRunFile();
  }

  /** Says from now on, by a file, whether all of it is ready. */
  void open() {
    open = true;
    tellReady();
  }

  /**
   * Stops everything in order; what doesn't stop in time is killed. A second call waits for the
   * first and does nothing.
   */
  void stop() {
    stopping.lock();
    try {
      if (!stopped) {
        stopped = true;
        stopInOrder();
      }
    } finally {
      stopping.unlock();
    }
  }

  private void stopInOrder() {
    up = false;
    open = false;
    try {
      if (watch != null) {
        watch.close();
      }
      if (gateway != null) {
        gateway.close();
      }
      stopAtOnce(serviceChildren);
      for (Child child : storageChildren.reversed()) {
        child.stop(stopLimit);
      }
      // A server whose keeper was killed just now has no keeper that stops it.
      new Leftovers(state).reap();
      Files.deleteIfExists(state.ready());
      Files.deleteIfExists(state.run());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      progress.say("can't remove " + e.getMessage());
    }
  }

  @Override
  public void started(Child child) {
    writeRunFile();
  }

  @Override
  public void ready(Child child) {
    progress.done(child.spec().name(), "127.0.0.1:" + child.spec().port());
    away.remove(child);
    tellReady();
  }

  @Override
  public void died(Child child, int exitCode, Duration pause) {
    away.add(child);
    tellReady();
    progress.done(
        child.spec().name(),
        "ended with " + exitCode + ", starts again in " + pause.toMillis() + " ms");
  }

  private synchronized void tellReady() {
    if (!open) {
      return;
    }
    try {
      if (away.isEmpty()) {
        Files.writeString(state.ready(), topology.baseUrl());
      } else {
        Files.deleteIfExists(state.ready());
      }
    } catch (IOException e) {
      progress.say("can't say whether it is ready: " + e.getMessage());
    }
  }

  private void startStorage() throws IOException, InterruptedException {
    if (storage.ownPostgres()) {
      storageChildren.add(new Child(blueprint.postgres(), this));
    }
    if (storage.ownKafka()) {
      storageChildren.add(new Child(blueprint.kafka(), this));
    }
    startAndAwait(storageChildren);
    if (!storage.ownKafka()) {
      createTopics();
    }
  }

  private void startServices() {
    for (Topology.Copy copy : topology.copies()) {
      serviceChildren.add(
          new Child(blueprint.service(copy.service(), copy.node(), copy.port()), this));
    }
    startAndAwait(serviceChildren);
  }

  private void startAndAwait(List<Child> children) {
    if (stopped) {
      throw new StartException("stopped while starting");
    }
    children.forEach(Child::start);
    for (Child child : children) {
      try {
        child.firstReady().join();
      } catch (CompletionException e) {
        throw new StartException(
            child.spec().name() + " does not start:\n" + LogTail.of(child.spec().log(), 30), e);
      }
    }
  }

  private void createTopics() throws IOException, InterruptedException {
    Process creation =
        new ProcessBuilder(blueprint.topicCreation())
            .redirectErrorStream(true)
            .redirectOutput(state.logs().resolve("topics.log").toFile())
            .start();
    if (creation.waitFor() != 0) {
      throw new StartException(
          "can't create topics at "
              + storage.bootstrap()
              + ":\n"
              + LogTail.of(state.logs().resolve("topics.log"), 30));
    }
    progress.done("topics", storage.bootstrap());
  }

  private void stopAtOnce(List<Child> children) {
    children.stream()
        .map(child -> CompletableFuture.runAsync(() -> stop(child), Thread::startVirtualThread))
        .toList()
        .forEach(CompletableFuture::join);
  }

  private void stop(Child child) {
    try {
      child.stop(stopLimit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void writeRunFile() {
    List<RunFile.Entry> entries = new ArrayList<>();
    for (Child child : storageChildren) {
      entries.add(entry(child));
    }
    for (Child child : serviceChildren) {
      entries.add(entry(child));
    }
    entries.add(
        new RunFile.Entry("gateway", up ? ProcessHandle.current().pid() : -1, topology.port()));
    new RunFile(ProcessHandle.current().pid(), topology.baseUrl(), entries).write(state.run());
  }

  private static RunFile.Entry entry(Child child) {
    return new RunFile.Entry(child.spec().name(), child.pid().orElse(-1), child.spec().port());
  }
}
