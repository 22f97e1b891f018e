package dev.relayauth.token.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
@QuarkusTestResource(OutsideIssuer.class)
class RefreshStormTest {
  private Service service;

  @BeforeEach
  void ready() {
    service = Service.ready();
  }

  private static final int CLIENTS = 16;
  private static final int ROUNDS = 4;

  private final List<String> killed = new CopyOnWriteArrayList<>();

  private IdentityState agent() {
    service
        .world
        .peers()
        .on(
            "/internal/v1/revocations",
            call -> {
              if (call.body().contains(service.org)) {
                killed.add(call.body());
              }
              return Map.of();
            });
    return service.world.agent(service.org, "a:b:c");
  }

  private <T> List<T> atOnce(int count, Callable<T> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(threads.submit(work));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : all) {
        results.add(one.get());
      }
      return results;
    }
  }

  @Test
  void killsNoFamilyOfClientsThatLoseAnswersAndAskAgain() throws Exception {
    IdentityState agent = agent();

    List<String> last =
        atOnce(
            CLIENTS,
            () -> {
              String token = service.pair(agent).getString("refreshToken");
              for (int round = 0; round < ROUNDS; round++) {
                String lost = service.refresh(token).statusCode(200).extract().path("refreshToken");
                String again =
                    service.refresh(token).statusCode(200).extract().path("refreshToken");
                assertThat(again).isEqualTo(lost);
                token = again;
              }
              return token;
            });

    assertThat(last).doesNotHaveDuplicates().hasSize(CLIENTS);
    assertThat(killed).isEmpty();
  }

  @Test
  void killsEveryFamilyWhoseOldTokenComesBack() throws Exception {
    IdentityState agent = agent();

    List<Integer> answers =
        atOnce(
            CLIENTS,
            () -> {
              String stolen = service.pair(agent).getString("refreshToken");
              String second = service.refresh(stolen).extract().path("refreshToken");
              String third = service.refresh(second).statusCode(200).extract().path("refreshToken");
              service.refresh(stolen).statusCode(401);
              return service.refresh(third).extract().statusCode();
            });

    assertThat(answers).hasSize(CLIENTS).containsOnly(401);
    assertThat(killed.stream().distinct()).hasSize(CLIENTS);
  }
}
