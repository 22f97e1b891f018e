package dev.relayauth.stack.gateway;

/** One running copy of a service on the loopback address. */
public final class Replica {
  private final String name;
  private final int port;
  private volatile boolean available = true;

  /** A copy that is taken to be available. */
  public Replica(String name, int port) {
    this.name = name;
    this.port = port;
  }

  /** Its unique name, such as {@code policy-1}. */
  public String name() {
    return name;
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Tells the gateway whether to prefer this copy, until somebody says otherwise. */
  public void setAvailable(boolean available) {
    this.available = available;
  }

  boolean isAvailable() {
    return available;
  }
}
