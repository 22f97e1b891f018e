package dev.relayauth.common.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Status;
import dev.relayauth.common.event.IdentityState.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTableTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:15:30.123456789Z");

  private final IdentityTable table = new IdentityTable();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesBackEveryMemberOfAnyState(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      IdentityState state = any(random);
      assertThat(new PackedIdentity(state).unpack(state.orgId(), state.id())).isEqualTo(state);
      assertThat(new PackedIdentity(state).revision()).isEqualTo(state.revision());
      assertThat(new PackedIdentity(state).status()).isEqualTo(state.status());
    }
  }

  @Test
  void keepsTheNewestWhateverTheOrder() {
    assertThat(table.put(state("org_a", "agent_1", Status.suspended, 7))).isTrue();
    assertThat(table.put(state("org_a", "agent_1", Status.active, 6))).isFalse();
    assertThat(table.find("org_a", "agent_1").orElseThrow().status()).isEqualTo(Status.suspended);
    assertThat(table.put(state("org_a", "agent_1", Status.active, 8))).isTrue();
    assertThat(table.find("org_a", "agent_1").orElseThrow().status()).isEqualTo(Status.active);
    assertThat(table.find("org_b", "agent_1")).isEmpty();
  }

  @Test
  void listsWhatIsPresentInTheOrderOfIds() {
    for (String id : List.of("agent_3", "agent_1", "agent_2")) {
      table.put(state("org_a", id, Status.active, 1));
    }
    table.put(state("org_a", "agent_2", Status.deleted, 2));
    table.put(state("org_b", "agent_0", Status.active, 3));
    assertThat(table.idsAfter("org_a", "", 10)).containsExactly("agent_1", "agent_3");
    assertThat(table.idsAfter("org_a", "agent_1", 10)).containsExactly("agent_3");
    assertThat(table.idsAfter("org_a", "", 1)).containsExactly("agent_1");
    assertThat(table.idsAfter("org_c", "", 1)).isEmpty();
  }

  @Test
  void takesAwayByTheKeyOfATombstone() {
    IdentityState state = state("org_a", "agent_1", Status.deleted, 1);
    table.put(state);
    assertThat(table.remove("org_a/identity/agent_1")).contains(state);
    assertThat(table.remove("org_a/identity/agent_1")).isEmpty();
    assertThat(table.find("org_a", "agent_1")).isEmpty();
  }

  private static IdentityState state(String org, String id, Status status, long revision) {
    return new IdentityState(
        org,
        id,
        "name",
        Type.agent,
        status,
        null,
        "user_jane",
        List.of("user_jane", id),
        List.of("stripe:orders:read"),
        List.of(),
        false,
        Map.of(),
        null,
        null,
        null,
        null,
        NOW,
        NOW,
        revision);
  }

  private static IdentityState any(Random random) {
    String id = text(random);
    List<String> chain = new ArrayList<>(texts(random));
    chain.add("user_" + text(random));
    String sponsor = random.nextInt(9) == 0 ? "user_other" : chain.getLast();
    chain.add(id);
    return new IdentityState(
        text(random),
        id,
        text(random),
        Type.values()[random.nextInt(3)],
        Status.values()[random.nextInt(4)],
        random.nextBoolean() ? null : text(random),
        sponsor,
        chain,
        texts(random),
        texts(random),
        random.nextBoolean(),
        Map.of(text(random), text(random), "k", ""),
        random.nextBoolean()
            ? null
            : new BudgetLimits(random.nextLong(), new BigDecimal("1.50"), null, true),
        instant(random),
        instant(random),
        random.nextBoolean() ? null : text(random),
        NOW,
        Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 200_000_000_000L)),
        random.nextLong(Long.MAX_VALUE));
  }

  private static Instant instant(Random random) {
    return random.nextBoolean() ? null : NOW.plusNanos(random.nextLong(Long.MAX_VALUE));
  }

  private static List<String> texts(Random random) {
    return random.ints(random.nextInt(4), 0, 9).mapToObj(letters -> text(random)).toList();
  }

  private static String text(Random random) {
    int[] letters =
        random
            .ints(random.nextInt(200), 1, 0x2_0000)
            .filter(Character::isDefined)
            .filter(letter -> letter < 0xD800 || letter > 0xDFFF)
            .toArray();
    return new String(letters, 0, letters.length);
  }
}
