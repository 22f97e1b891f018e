package dev.relayauth.audit.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.relayauth.audit.config.AuditConfig;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.stream.Listeners;
import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class EventStreamTest {
  private final World world = World.get();
  private final String org = world.id(IdPrefix.ORGANIZATION);

  @Inject CredentialVerifier verifier;
  @Inject RevocationProjection revocations;

  /** Never looks again by the clock. */
  private static final class Rarely implements AuditConfig.Stream {
    @Override
    public Duration heartbeat() {
      return Duration.ofHours(1);
    }

    @Override
    public Duration recheck() {
      return Duration.ofHours(1);
    }

    @Override
    public int maxPerOrganization() {
      return 1;
    }
  }

  /** A log whose first entry is read in the moment in which a token dies. */
  private final class DeadlyLog implements AuditLog {
    private final String jti;

    DeadlyLog(String jti) {
      this.jti = jti;
    }

    @Override
    public List<AuditEntry> page(
        String ofOrg, AuditFilter filter, int limit, AuditEntry.@Nullable Place after) {
      return List.of();
    }

    @Override
    public List<AuditEntry> after(
        String ofOrg, AuditFilter filter, AuditEntry.Arrival after, int limit) {
      world.revoke(org, RevocationKind.TOKEN, jti, true);
      await().until(() -> revocations.set().find(org, RevocationKind.TOKEN, jti).isPresent());
      return List.of(entry());
    }

    @Override
    public Optional<AuditEntry> find(String ofOrg, String id) {
      return Optional.empty();
    }
  }

  private AuditEntry entry() {
    AuditRecord content =
        new AuditRecord(
            "aud_secret",
            "role.created",
            null,
            org,
            null,
            null,
            null,
            AuditRecord.Result.allowed,
            null,
            List.of(),
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            Instant.EPOCH);
    return new AuditEntry(content, Instant.EPOCH, new AuditEntry.Leaf(0, null, false));
  }

  @Test
  void nothingIsSentToACredentialThatIsKnownToBeDead() throws IOException {
    IdentityState agent = world.agent(org, "relayauth:audit:read");
    Claims claims = world.claims(agent, "relayauth:audit:read").build();
    Listeners listeners = new Listeners(1);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    EventStream stream =
        new EventStream(
            new EventStream.Source(new DeadlyLog(claims.jti()), listeners, org, AuditFilter.ALL),
            listeners.join(org).orElseThrow(),
            new LiveCredential(
                verifier, PresentedCredential.of("Bearer " + world.sign(claims), null), org),
            new Rarely(),
            new EventStream.Start(-1, false));

    stream.write(sent);

    assertThat(sent.toString(UTF_8))
        .doesNotContain("aud_secret")
        .contains("event: end")
        .contains("token_revoked");
  }
}
