package dev.relayauth.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.relayauth.common.credential.EarlyRevocations;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.projection.Feeds;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.adapter.postgres.PostgresChanges;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "revocation"))
class FeedTest {
  private final Fixture fixture = new Fixture();

  @TestHTTPResource("/v1/revocations/stream")
  URL url;

  @Inject RevocationProjection projection;
  @Inject Feeds feeds;
  @Inject PostgresChanges changes;
  @Inject ServiceTokens tokens;

  @BeforeEach
  void ready() {
    fixture.world.awaitReady();
  }

  private EventStream open(Fixture of, @Nullable String lastEventId) {
    return new EventStream(url.toString(), of.key, lastEventId);
  }

  private String revokeSponsor(Fixture of, String id) {
    of.knowsEntity("sponsor", id);
    return of.revoke(Map.of("type", "sponsor", "id", id)).statusCode(201).extract().path("id");
  }

  @Test
  void aStreamTellsItsTenantOfEachRevocationAndOfNoOther() {
    Fixture other = new Fixture();
    try (EventStream stream = open(fixture, null)) {
      EventStream.Event ready = stream.next();
      assertThat(ready.name()).isEqualTo("ready");
      revokeSponsor(other, "user_theirs");
      String first = revokeSponsor(fixture, "user_1");
      revokeSponsor(fixture, "user_2");

      EventStream.Event one = stream.next();
      EventStream.Event two = stream.next();

      assertThat(one.name()).isEqualTo("revocation");
      assertThat(one.data())
          .containsEntry("change", "revoked")
          .containsEntry("id", first)
          .containsEntry("orgId", fixture.org)
          .containsEntry("type", "sponsor")
          .containsEntry("targetId", "user_1")
          .containsEntry("closed", false);
      assertThat(one.id()).isEqualTo(String.valueOf(one.number("sequence")));
      assertThat(one.number("previous")).isEqualTo(ready.number("head"));
      assertThat(two.data()).containsEntry("targetId", "user_2");
      assertThat(two.number("previous")).isEqualTo(one.number("sequence"));
    }
  }

  @Test
  void heartbeatsTellHowFarTheFeedIs() {
    try (EventStream stream = open(fixture, null)) {
      stream.next();
      revokeSponsor(fixture, "user_1");
      long sequence = stream.next().number("sequence");

      EventStream.Event beat = stream.any();

      assertThat(beat.name()).isEqualTo("heartbeat");
      assertThat(beat.number("head")).isGreaterThanOrEqualTo(sequence);
    }
  }

  @Test
  void aStreamGoesOnWhereItWasBroken() {
    long seen;
    try (EventStream stream = open(fixture, null)) {
      stream.next();
      revokeSponsor(fixture, "user_1");
      seen = stream.next().number("sequence");
    }
    revokeSponsor(fixture, "user_2");
    revokeSponsor(fixture, "user_3");

    try (EventStream resumed = open(fixture, String.valueOf(seen))) {
      EventStream.Event ready = resumed.next();
      EventStream.Event two = resumed.next();
      EventStream.Event three = resumed.next();

      assertThat(ready.name()).isEqualTo("ready");
      assertThat(ready.number("head")).isEqualTo(seen);
      assertThat(two.data()).containsEntry("targetId", "user_2");
      assertThat(two.number("previous")).isEqualTo(seen);
      assertThat(three.data()).containsEntry("targetId", "user_3");
      assertThat(three.number("previous")).isEqualTo(two.number("sequence"));
    }
  }

  @Test
  void aStreamThatCantResumeSaysSo() {
    for (String unknown : List.of("-1", "nonsense", "9007199254740991")) {
      try (EventStream stream = open(fixture, unknown)) {
        EventStream.Event reset = stream.next();

        assertThat(reset.name()).isEqualTo("reset");
        assertThat(reset.id()).isEqualTo(String.valueOf(reset.number("head")));
      }
    }
  }

  @Test
  void aStreamEndsWithItsCredential() {
    Fixture doomed = new Fixture();
    try (EventStream stream = open(doomed, null)) {
      stream.next();
      doomed.revoke(Map.of("type", "organization", "id", doomed.org)).statusCode(201);

      List<String> names = new ArrayList<>();
      do {
        names.add(stream.next().name());
      } while (!names.contains("end"));

      assertThat(names).endsWith("end");
    }
    await().until(() -> doomed.admin().get("/v1/revocations").statusCode() == 401);
  }

  @Test
  void anOrganisationHasSoManyStreams() {
    List<EventStream> streams = new ArrayList<>();
    try {
      int most = 5; // in the tests' configuration
      for (int i = 0; i < most; i++) {
        streams.add(open(fixture, null));
        assertThat(streams.getLast().status()).isEqualTo(200);
      }

      streams.add(open(fixture, null));
      streams.add(open(new Fixture(), null));

      assertThat(streams.get(most).status()).isEqualTo(429);
      assertThat(streams.get(most).header("RateLimit-Limit")).isEqualTo(String.valueOf(most));
      assertThat(streams.get(most).header("RateLimit-Remaining")).isEqualTo("0");
      assertThat(streams.get(most).header("RateLimit-Reset"))
          .isEqualTo(streams.get(most).header("Retry-After"))
          .isEqualTo("1");
      assertThat(streams.get(most + 1).status()).isEqualTo(200);
      streams.getFirst().close();
      await()
          .until(
              () -> {
                streams.add(open(fixture, null));
                return streams.getLast().status() == 200;
              });
    } finally {
      streams.forEach(EventStream::close);
    }
  }

  @Test
  void ourVerifiersAreToldBeforeTheCallerIs() {
    Set<String> told = ConcurrentHashMap.newKeySet();
    Runnable stop =
        changes.followFirst(all -> all.forEach(change -> told.add(change.revocationId())));
    try {
      for (int i = 0; i < 20; i++) {
        assertThat(told).contains(revokeSponsor(fixture, "user_" + i));
      }
    } finally {
      stop.run();
    }
  }

  @Test
  void ourVerifiersAreToldOfEachThatCameAtOnce() throws Exception {
    List<String> sponsors = IntStream.range(0, 40).mapToObj(i -> "user_" + i).toList();
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    HttpClient client = HttpClient.newHttpClient();
    try {
      HttpResponse<Stream<String>> early = client.send(early(), BodyHandlers.ofLines());
      Thread.startVirtualThread(() -> early.body().forEach(lines::add));
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        sponsors.forEach(id -> callers.execute(() -> revokeSponsor(fixture, id)));
      }

      await()
          .untilAsserted(
              () -> assertThat(told(lines)).containsExactlyInAnyOrderElementsOf(sponsors));
    } finally {
      client.shutdownNow();
    }
  }

  private HttpRequest early() throws URISyntaxException {
    return HttpRequest.newBuilder(url.toURI().resolve(EarlyRevocations.PATH))
        .header("Authorization", "Bearer " + tokens.forCallee("revocation"))
        .header("accept", "text/event-stream")
        .build();
  }

  private List<String> told(Collection<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("data:"))
        .map(line -> Json.read(line.substring(5).getBytes(UTF_8), RevocationState.class))
        .filter(state -> fixture.org.equals(state.orgId()))
        .map(RevocationState::targetId)
        .toList();
  }

  @Test
  void theFeedsNeedTheirScope() {
    String weak = fixture.world.apiKey(fixture.org, "relayauth:token:read");

    assertThat(new EventStream(url.toString(), weak, null).status()).isEqualTo(403);
    Fixture.bearer(weak).get("/v1/revocations/snapshot").then().statusCode(403);
  }

  private ValidatableResponse snapshot(String query) {
    return fixture.admin().get("/v1/revocations/snapshot" + query).then();
  }

  @Test
  void aSnapshotHoldsTheTenantsEntriesAndAnEtag() {
    revokeSponsor(new Fixture(), "user_theirs");
    revokeSponsor(fixture, "user_1");
    revokeSponsor(fixture, "user_2");

    ValidatableResponse full =
        snapshot("?since=0")
            .statusCode(200)
            .body("entries.findAll { it.orgId == '%s' }".formatted(fixture.org), hasSize(2))
            .body("entries.findAll { it.type == 'sponsor' }", hasSize(2));
    String tag = full.extract().header("ETag");

    fixture
        .admin()
        .header("If-None-Match", tag)
        .get("/v1/revocations/snapshot?since=0")
        .then()
        .statusCode(304)
        .header("ETag", tag);
    revokeSponsor(fixture, "user_3");
    fixture
        .admin()
        .header("If-None-Match", tag)
        .get("/v1/revocations/snapshot?since=0")
        .then()
        .statusCode(200);
  }

  @Test
  void aDeltaHoldsWhatCameAndWhatWent() {
    String first = revokeSponsor(fixture, "user_1");
    long head = ((Number) snapshot("").extract().path("head")).longValue();
    revokeSponsor(fixture, "user_2");
    fixture.admin().delete("/v1/revocations/" + first).then().statusCode(204);

    snapshot("?since=" + head)
        .statusCode(200)
        .body("complete", equalTo(false))
        .body("entries.targetId", equalTo(List.of("user_2")))
        .body("removed.targetId", equalTo(List.of("user_1")));
    snapshot("").body("complete", equalTo(true)).body("removed", empty());
    snapshot("?since=x").statusCode(400);
  }

  @Test
  void whatWasTakenBackKillsNothingAnyMore() {
    String id = revokeSponsor(fixture, "user_back");
    await()
        .until(
            () ->
                projection
                    .set()
                    .find(fixture.org, RevocationKind.SPONSOR, "user_back")
                    .isPresent());

    fixture.admin().delete("/v1/revocations/" + id).then().statusCode(204);

    await()
        .until(
            () ->
                projection.set().find(fixture.org, RevocationKind.SPONSOR, "user_back").isEmpty());
    fixture.admin().delete("/v1/revocations/" + id).then().statusCode(404);
  }

  @Test
  void anotherTenantTakesNothingBack() {
    String id = revokeSponsor(fixture, "user_1");

    new Fixture().admin().delete("/v1/revocations/" + id).then().statusCode(404);
  }

  @Test
  void aVerifierHearsOfAnEntryBeforeTheSequenceMoves() {
    try (EventStream stream = open(fixture, null)) {
      stream.next();
      revokeSponsor(fixture, "user_early");
      long sequence = stream.next().number("sequence");

      await()
          .until(
              () ->
                  projection
                      .set()
                      .find(fixture.org, RevocationKind.SPONSOR, "user_early")
                      .isPresent());
      await().until(() -> feeds.applied(Topics.REVOCATION) >= sequence);
    }
  }
}
