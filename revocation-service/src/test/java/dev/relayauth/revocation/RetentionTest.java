package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Closing;
import dev.relayauth.revocation.domain.entry.Retention;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration MARGIN = Duration.ofMinutes(5);

  @Test
  void aTokensEntryOutlivesTheLongestAccessToken() {
    assertThat(Retention.end(RevocationKind.TOKEN, false, NOW, null, null))
        .isEqualTo(NOW.plus(Duration.ofHours(24)).plus(MARGIN));
  }

  @Test
  void anOpenEntryOutlivesTheLastAccessTokenOfTheLongestRefreshFamily() {
    assertThat(Retention.end(RevocationKind.SESSION, false, NOW, null, null))
        .isEqualTo(NOW.plus(Duration.ofDays(31)).plus(MARGIN));
  }

  @Test
  void aClosedEntryHasNoEnd() {
    assertThat(Retention.end(RevocationKind.IDENTITY, true, NOW, null, null))
        .isEqualTo(Retention.NEVER);
  }

  @Test
  void anEntryNeverEndsBeforeTheOpenOneItReplaces() {
    Instant later = NOW.plus(Duration.ofDays(60));

    assertThat(Retention.end(RevocationKind.TOKEN, false, NOW, NOW.plusSeconds(60), later))
        .isEqualTo(later);
  }

  @Test
  void whoKnowsTheLastTokensEndBoundsTheEntry() {
    assertThat(Retention.end(RevocationKind.CREDENTIAL, true, NOW, NOW.plusSeconds(60), null))
        .isEqualTo(NOW.plusSeconds(60).plus(MARGIN));
  }

  @Test
  void whatKillsATokenThatIsOverStaysForTheSkewAlone() {
    assertThat(Retention.end(RevocationKind.TOKEN, false, NOW, NOW.minusSeconds(3600), null))
        .isEqualTo(NOW.plus(MARGIN));
  }

  @Test
  void aRevocationFromOutsideNeverOpensWhatASuspensionClosed() {
    assertThat(Closing.KEEP.after(true)).isTrue();
    assertThat(Closing.KEEP.after(false)).isFalse();
    assertThat(Closing.OPEN.after(true)).isFalse();
  }
}
