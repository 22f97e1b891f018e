package dev.relayauth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.feed.Backlog;
import dev.relayauth.revocation.domain.feed.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private final List<Long> passed = new ArrayList<>();
  private final Backlog backlog = new Backlog(2, change -> passed.add(change.seq()));

  private static Change change(long seq) {
    Target target = new Target("org", RevocationKind.SESSION, "sess_" + seq);
    return new Change(seq, target, false, "rev", false, Instant.EPOCH);
  }

  @Test
  void passesWhatWasBeforeThenWhatCameMeanwhileThenTheRestAndNothingTwice() {
    backlog.live(change(3));
    backlog.live(change(4));

    boolean whole = backlog.join(List.of(change(1), change(2), change(3)));
    backlog.live(change(4));
    backlog.live(change(5));

    assertThat(whole).isTrue();
    assertThat(passed).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void saysSoWhenTooMuchCameMeanwhile() {
    backlog.live(change(3));
    backlog.live(change(4));
    backlog.live(change(5));

    assertThat(backlog.join(List.of())).isFalse();
  }
}
