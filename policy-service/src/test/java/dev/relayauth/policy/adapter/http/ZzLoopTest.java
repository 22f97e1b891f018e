package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.common.json.Json;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = LocalServers.class, initArgs = @ResourceArg(name = "service", value = "policy"))
class ZzLoopTest extends PolicyServiceTest {
  @Test
  void loop() throws Exception {
    IdentityState a = world.agent(org, "stripe:orders:*");
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 1000; i++) tokens.add(world.token(a, "stripe:orders:read"));
    int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    String base = "http://127.0.0.1:" + port;
    for (int round = 0; round < 3; round++) {
      AtomicLong n = new AtomicLong(), bad = new AtomicLong();
      long end = System.nanoTime() + 8_000_000_000L, start = System.nanoTime();
      try (var pool = Executors.newFixedThreadPool(8)) {
        for (int t = 0; t < 8; t++) pool.submit(() -> {
          HttpClient c = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
          while (System.nanoTime() < end) {
            long i = n.incrementAndGet();
            byte[] body = Json.write(Map.of("token", tokens.get((int) (i % 1000)), "scope", "stripe:orders:read"));
            var r = c.send(HttpRequest.newBuilder(URI.create(base + "/v1/authorize")).header("x-api-key", admin).header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofString());
            if (r.statusCode() != 200 || !r.body().contains("\"allowed\":true")) { if (bad.incrementAndGet() < 3) System.out.println("BAD " + r.statusCode() + r.body()); }
          }
          return null;
        });
      }
      System.out.printf("LOOP %d ops/s, %d bad%n", n.get() * 1_000_000_000L / (System.nanoTime() - start), bad.get());
    }
    List<Map<String,String>> items = new ArrayList<>();
    for (int i = 0; i < 100; i++) items.add(Map.of("identityId", a.id(), "scope", "stripe:orders:read:#" + i));
    byte[] body = Json.write(Map.of("requests", items));
    HttpClient c = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    for (int round = 0; round < 2; round++) {
      int k = 0; long start = System.nanoTime();
      while (System.nanoTime() - start < 5_000_000_000L) {
        c.send(HttpRequest.newBuilder(URI.create(base + "/v1/authorize/batch")).header("x-api-key", admin).header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofString());
        k++;
      }
      System.out.printf("LOOP batch of 100: %d decisions/s%n", k * 100L * 1_000_000_000L / (System.nanoTime() - start));
    }
  }
}
