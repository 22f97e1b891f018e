package dev.relayauth.token.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.scope.ScopeSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries that arrive after the gate has let a request in, and before it issues. */
class IssuingCredentialTest {
  private static final long MADE = 5;
  private static final String KEY =
      """
      {"orgId":"org_acme","id":"ak_1","kind":"api_key","hash":"hash","prefix":"rak_x","name":"ci",
      "scopes":["*"],"sponsorId":"user_jane","identityId":"agent_bot",
      "sponsorChain":["user_jane","agent_bot"],"workspaceId":"ws_prod","place":"ws_home",
      "createdAt":"2026-01-01T00:00:00Z","revision":1,"rev":%d}
      """
          .formatted(MADE);

  private final RevocationProjection revocations = new RevocationProjection();
  private final IssuingCredential credentials = new IssuingCredential(revocations);
  private final Caller.KeyHolder holder =
      new Caller.KeyHolder(
          Json.read(KEY.getBytes(StandardCharsets.UTF_8), ApiKeyState.class),
          ScopeSet.of(List.of("*")));

  private void revoke(RevocationKind kind, String id, long seq, boolean closed) {
    revocations
        .set()
        .apply(
            new RevocationEntry(
                "org_acme", kind, id, seq, closed, Instant.parse("2999-01-01T00:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "ORGANIZATION, org_acme",
    "WORKSPACE, ws_prod",
    "WORKSPACE, ws_home",
    "SPONSOR, user_jane",
    "CREDENTIAL, ak_1",
    "PARENT, ak_1"
  })
  void refusesAKeyThatIsRevokedWithWhatItBelongsTo(RevocationKind kind, String id) {
    revoke(kind, id, MADE + 1, false);

    assertThatThrownBy(() -> credentials.of(holder)).isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "ORGANIZATION, org_acme",
    "WORKSPACE, ws_prod",
    "WORKSPACE, ws_home",
    "SPONSOR, user_jane"
  })
  void takesAKeyThatWasMadeAfterwards(RevocationKind kind, String id) {
    revoke(kind, id, MADE, false);

    assertThat(credentials.of(holder).lineage())
        .containsExactly("ak_1", "user_jane", "agent_bot", "ws_prod", "ws_home");
  }

  @Test
  void endsWithTheKey() {
    Instant end = Instant.parse("2026-02-01T00:00:00Z");
    String ending = KEY.replace("\"revision\"", "\"expiresAt\":\"" + end + "\",\"revision\"");

    Caller.KeyHolder caller =
        new Caller.KeyHolder(
            Json.read(ending.getBytes(StandardCharsets.UTF_8), ApiKeyState.class),
            ScopeSet.of(List.of("*")));

    assertThat(credentials.of(caller).end()).contains(end);
    assertThat(credentials.of(holder).end()).isEmpty();
  }

  @Test
  void takesAKeyWhoseIdentityIsNarrowedAndRefusesItOnceThatIsSuspended() {
    revoke(RevocationKind.IDENTITY, "agent_bot", MADE + 1, false);
    assertThat(credentials.of(holder).lineage())
        .containsExactly("ak_1", "user_jane", "agent_bot", "ws_prod", "ws_home");

    revoke(RevocationKind.IDENTITY, "agent_bot", MADE + 2, true);
    assertThatThrownBy(() -> credentials.of(holder)).isInstanceOf(RefusedException.class);
  }
}
