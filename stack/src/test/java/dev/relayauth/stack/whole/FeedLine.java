package dev.relayauth.stack.whole;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The only way from a client to the stack: an HTTP proxy that says what was asked for, and that can
 * be cut. A cut line is the worst kind: connections stay open and nothing arrives.
 */
final class FeedLine implements AutoCloseable {
  private static final Pattern TARGET = Pattern.compile("GET http://[^/]+(/\\S*) HTTP/1.1");

  private final int upstream;
  private final ServerSocket server;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private volatile boolean cut;

  private FeedLine(int upstream, ServerSocket server) {
    this.upstream = upstream;
    this.server = server;
  }

  static FeedLine to(int port) throws IOException {
    FeedLine line = new FeedLine(port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    Thread.startVirtualThread(line::accept);
    return line;
  }

  /** A client that goes this way alone. */
  HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(
            ProxySelector.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort())))
        .build();
  }

  /** The paths that were asked for since the line was made, or since they were cleared. */
  Queue<String> asked() {
    return asked;
  }

  void cut() {
    cut = true;
  }

  void mend() {
    cut = false;
    sockets.forEach(FeedLine::close);
    sockets.clear();
  }

  @Override
  public void close() {
    mend();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket target = new Socket(InetAddress.getLoopbackAddress(), upstream);
        sockets.add(client);
        sockets.add(target);
        Thread.startVirtualThread(() -> ask(client, target));
        Thread.startVirtualThread(() -> answer(target, client));
      }
    } catch (IOException closed) {
      // The line is no longer needed.
    }
  }

  private void ask(Socket client, Socket target) {
    try (client;
        target;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1))) {
      OutputStream out = target.getOutputStream();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher request = TARGET.matcher(line);
        boolean first = request.matches();
        if (first) {
          asked.add(request.group(1));
        }
        if (!cut) {
          String sent = first ? "GET " + request.group(1) + " HTTP/1.1" : line;
          out.write((sent + "\r\n").getBytes(ISO_8859_1));
        }
      }
    } catch (IOException gone) {
      // One side has left.
    }
  }

  private void answer(Socket target, Socket client) {
    byte[] buffer = new byte[8192];
    try (client;
        target;
        InputStream in = target.getInputStream()) {
      OutputStream out = client.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!cut) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException gone) {
      // One side has left.
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
