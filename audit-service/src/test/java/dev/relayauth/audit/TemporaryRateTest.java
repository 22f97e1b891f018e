package dev.relayauth.audit;

import dev.relayauth.audit.adapter.kafka.AuditConsumer;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class TemporaryRateTest {
  @Inject AuditConsumer consumer;
  @Inject Transactions transactions;

  @Test
  void rate() throws Exception {
    for (int round = 0; round < 1; round++) {
      Fixture fixture = new Fixture();
      int n = 200_000;
      consumer.stop();
      try (KafkaProducer<String, byte[]> p =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", fixture.world.bootstrap(), "linger.ms", 20, "compression.type", "lz4"),
              new StringSerializer(),
              new ByteArraySerializer())) {
        for (int i = 0; i < n; i++) {
          AuditRecord r = fixture.entry("scope.checked", i % 5 == 0 ? Result.denied : Result.allowed, "agent_" + (i % 1000));
          p.send(new ProducerRecord<>("relayauth.audit.v1", i % 2 == 0 ? fixture.org : fixture.org + i % 7, Json.write(r)));
        }
        p.flush();
      }
      long t = System.nanoTime();
      consumer.start();
      long seen = 0;
      while (seen < n) {
        Thread.sleep(100);
        seen = transactions.read(tx -> tx.first("select coalesce(sum(count),0)::bigint from action_count where org = ?", row -> row.getLong(1), fixture.org)).orElseThrow();
      }
      double s = (System.nanoTime() - t) / 1e9;
      System.out.println("RATE " + n + " in " + s + " s = " + (long) (n / s) + "/s");
      if (round == 0) {
        Runtime rt = Runtime.getRuntime();
        System.gc();
        System.out.println("HEAP before " + ((rt.totalMemory() - rt.freeMemory()) >> 20));
        var c = java.net.http.HttpClient.newHttpClient();
        var req = java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + io.restassured.RestAssured.port + "/v1/audit/export")).header("x-api-key", fixture.key).header("content-type", "application/json").POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"format\":\"json\"}")).build();
        long a = System.nanoTime();
        try (var in = c.send(req, java.net.http.HttpResponse.BodyHandlers.ofInputStream()).body()) {
          long total = in.readNBytes(1 << 20).length;
          Thread.sleep(5000);
          System.gc();
          System.out.println("HEAP stalled " + ((rt.totalMemory() - rt.freeMemory()) >> 20));
          a = System.nanoTime();
          byte[] buf = new byte[65536];
          for (int k = in.read(buf); k >= 0; k = in.read(buf)) { total += k; }
          System.out.println("EXPORT json " + total + " rows/s " + (long) (n / ((System.nanoTime() - a) / 1e9)));
        }
      }
    }
  }
}
