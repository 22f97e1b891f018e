package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Hands out loopback ports for the stack's own processes. They lie below the range from which
 * systems take the ports of outgoing connections: a client that retries a port of that range while
 * its server is away can end up connected to itself, and then holds the port.
 */
final class Ports {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;

  private int next;

  /** Begins near the public port, so that two stacks with different ports seldom meet. */
  Ports(int publicPort) {
    next = LOWEST + publicPort % (HIGHEST - LOWEST - 1_000);
  }

  /** A port that is free now and wasn't handed out before. */
  int take() {
    while (next < HIGHEST) {
      next++;
      if (isFree(next)) {
        return next;
      }
    }
    throw new StartException("no free port between " + LOWEST + " and " + HIGHEST);
  }

  /** Whether a server could listen there now. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * Checks that a port is free.
   *
   * @throws StartException that names the port and, where the system tells, who has it
   */
  static void requireFree(int port) {
    if (!isFree(port)) {
      String owner =
          PortOwner.of(port)
              .map(process -> " (pid " + process.pid() + ", " + PortOwner.nameOf(process) + ")")
              .orElse("");
      throw new StartException("port " + port + " is in use" + owner + ": stop it or pass --port");
    }
  }
}
