package dev.relayauth.stack.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Stands where a service's package is: a process that reads the same configuration, is ready at
 * once, and answers the seed's calls. Only JDK classes, since its jar has no libraries.
 */
public final class FakeService {
  private FakeService() {}

  public static void main(String[] arguments) throws IOException {
    if (System.getenv("FAKE_SERVICE_FAILS") != null) {
      System.err.println("the database said no");
      System.exit(3);
    }
    int port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(System.getenv("QUARKUS_HTTP_HOST"), port), 0);
    server.createContext("/", FakeService::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean write = exchange.getRequestMethod().equals("POST");
    byte[] body =
        """
        {"id":"agent_1","key":"rak_fake","accessToken":"jwt","node":"%s","trusted":"%s"}"""
            .formatted(
                System.getProperty("relayauth.node"),
                System.getenv("RELAYAUTH_INTERNAL_TRUSTED_KEYS_FILE"))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(write ? 201 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
