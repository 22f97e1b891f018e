package dev.relayauth.common.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ApiKeyDirectoryTest {
  private final AtomicInteger asked = new AtomicInteger();
  private CompletableFuture<Optional<ApiKeyState>> answer =
      CompletableFuture.completedFuture(Optional.empty());
  private final ApiKeyDirectory directory =
      new ApiKeyDirectory(
          hash -> {
            asked.incrementAndGet();
            return answer;
          });

  private static CloudEvent event(String hash, long revision) {
    String json =
        """
        {"orgId":"org_acme","id":"ak_1","kind":"api_key","hash":"%s","prefix":"rak_x","name":"ci",
        "scopes":["*"],"sponsorId":"user_jane","createdAt":"2026-01-01T00:00:00Z","revision":%d,
        "rev":0}
        """
            .formatted(hash, revision);
    return new CloudEvent(
        "evt_1",
        "/relayauth/identity",
        CloudEvent.type("api_key", "created"),
        "ak_1",
        CloudEvent.key("org_acme", "api_key", "ak_1"),
        Instant.EPOCH,
        revision,
        null,
        json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void asksOnceForAKeyThatNobodyKnows() {
    assertThat(directory.find("unknown").join()).isEmpty();
    assertThat(directory.find("unknown").join()).isEmpty();

    assertThat(asked).hasValue(1);
  }

  @Test
  void knowsAKeyAtOnceThatWasUnknownAMomentAgo() {
    assertThat(directory.find("new").join()).isEmpty();

    directory.apply(event("new", 1));

    assertThat(directory.find("new").join()).map(ApiKeyState::id).contains("ak_1");
  }

  @Test
  void takesNobodyForUnknownWhenTheOwnerIsAway() {
    answer = CompletableFuture.failedFuture(new IllegalStateException("away"));
    assertThatThrownBy(() -> directory.find("new").join()).isInstanceOf(CompletionException.class);
    answer = CompletableFuture.completedFuture(Optional.empty());

    directory.find("new").join();

    assertThat(asked).hasValue(2);
  }
}
