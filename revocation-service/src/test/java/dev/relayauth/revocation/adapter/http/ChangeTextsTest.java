package dev.relayauth.revocation.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.feed.Change;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTextsTest {
  private final ChangeTexts texts = new ChangeTexts();

  private static Change session(String org, long seq) {
    Target target = new Target(org, RevocationKind.SESSION, "sess_" + seq);
    return new Change(seq, target, false, "rev_" + seq, false, Instant.EPOCH);
  }

  private static Change key(long seq) {
    return new Change(seq, Target.key("kid"), false, "rev_" + seq, true, Instant.EPOCH);
  }

  @Test
  void writesWhatCameAtOnceForAllStreamsOfAnOrganization() {
    Buffer events = texts.of("org_a", List.of(session("org_a", 4), session("org_a", 6)), 3);

    assertThat(texts.of("org_a", List.of(session("org_a", 4), session("org_a", 6)), 3))
        .isSameAs(events);
    assertThat(events.toString())
        .startsWith("event:revocation\nid:4\ndata:{")
        .contains("\"sequence\":4,\"previous\":3}\n\nevent:revocation\nid:6\ndata:{")
        .endsWith("\"sequence\":6,\"previous\":4}\n\n");
  }

  @Test
  void sharesNothingBetweenOrganizationsOrPlaces() {
    Buffer events = texts.of("org_a", List.of(key(4), session("org_a", 5), key(6)), 3);

    assertThat(texts.of("org_b", List.of(key(4), session("org_b", 5), key(6)), 3).toString())
        .contains("org_b")
        .doesNotContain("org_a");
    assertThat(texts.of("org_a", List.of(key(4), session("org_a", 5), key(6)), 2))
        .isNotEqualTo(events);
  }
}
