package dev.relayauth.common.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.ClaimsBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RevocationSetTest {
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");
  private static final long REV = 10;

  private final RevocationSet set = new RevocationSet();

  private static ClaimsBuilder claims() {
    return Claims.builder()
        .iss("https://auth.example")
        .sub("agent_3")
        .aud(List.of("stripe"))
        .exp(2)
        .iat(1)
        .nbf(1)
        .jti("tok_3")
        .clientId("agent_c")
        .scopes(List.of())
        .org("org_a")
        .wks("ws_prod")
        .sid("sess_1")
        .sponsorId("agent_2")
        .sponsorChain(List.of("user_jane", "agent_1", "agent_2", "agent_3"))
        .act(
            new Actor(
                "agent_x",
                List.of("user_joe", "agent_x"),
                new Actor("agent_y", List.of("user_sue", "agent_y"), null)))
        .parentTokenId("tok_2")
        .lineage(List.of("tok_2", "tok_1", "ak_1"))
        .rev(REV);
  }

  private static RevocationSubject subject() {
    return RevocationSubject.of(claims().build(), "kid_1");
  }

  private static RevocationEntry entry(RevocationKind kind, String id, long seq, boolean closed) {
    String org =
        kind == RevocationKind.KEY ? "" : kind == RevocationKind.ORGANIZATION ? id : "org_a";
    return new RevocationEntry(org, kind, id, seq, closed, LATER);
  }

  @ParameterizedTest
  @CsvSource({
    "TOKEN, tok_3",
    "TOKEN, tok_2",
    "TOKEN, tok_1",
    "SESSION, sess_1",
    "IDENTITY, agent_3",
    "IDENTITY, agent_1",
    "IDENTITY, user_jane",
    "IDENTITY, agent_x",
    "IDENTITY, agent_y",
    "IDENTITY, user_sue",
    "SPONSOR, user_jane",
    "SPONSOR, agent_2",
    "SPONSOR, user_joe",
    "SPONSOR, agent_y",
    "WORKSPACE, ws_prod",
    "ORGANIZATION, org_a",
    "KEY, kid_1",
    "PARENT, tok_2",
    "PARENT, tok_1",
    "PARENT, ak_1",
    "CREDENTIAL, ak_1",
    "CREDENTIAL, tok_2",
  })
  void anEntryOnAnyNameKills(RevocationKind kind, String id) {
    RevocationEntry entry = entry(kind, id, REV + 1, false);
    set.apply(entry);
    assertThat(set.match(subject())).contains(entry);
  }

  @ParameterizedTest
  @CsvSource({
    "TOKEN, tok_9", "TOKEN, sess_1", "SESSION, tok_3", "IDENTITY, agent_9", "SPONSOR, user_bob",
    "WORKSPACE, ws_other", "ORGANIZATION, org_b", "KEY, kid_2", "PARENT, tok_3", "PARENT, agent_1",
    "CREDENTIAL, ak_2", "CREDENTIAL, agent_c",
  })
  void anEntryOnAnotherNameKillsNothing(RevocationKind kind, String id) {
    set.apply(entry(kind, id, REV + 1, true));
    assertThat(set.match(subject())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = RevocationKind.class,
      names = {"KEY", "ORGANIZATION"},
      mode = Mode.EXCLUDE)
  void anotherTenantsEntryKillsNothing(RevocationKind kind) {
    subject()
        .names()
        .forEach(n -> set.apply(new RevocationEntry("org_b", kind, n.id(), REV + 1, true, LATER)));
    assertThat(set.match(subject())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"9, false", "10, false", "11, true"})
  void anOpenEntryKillsWhatWasIssuedBeforeIt(long seq, boolean kills) {
    set.apply(entry(RevocationKind.IDENTITY, "agent_1", seq, false));
    assertThat(set.match(subject()).isPresent()).isEqualTo(kills);
  }

  @Test
  void aClosedEntryAndATokensEntryKillWhateverTheRev() {
    set.apply(entry(RevocationKind.IDENTITY, "agent_1", 1, true));
    assertThat(set.match(subject())).isPresent();
    set.remove("org_a", RevocationKind.IDENTITY, "agent_1", 1);
    assertThat(set.match(subject())).isEmpty();
    set.apply(entry(RevocationKind.TOKEN, "tok_3", 1, false));
    assertThat(set.match(subject())).isPresent();
  }

  @Test
  void reactivationLetsOnlyLaterTokensLive() {
    set.apply(entry(RevocationKind.IDENTITY, "agent_1", 20, true));
    set.apply(entry(RevocationKind.IDENTITY, "agent_1", 30, false));
    assertThat(set.match(subject())).isPresent();
    assertThat(set.match(RevocationSubject.of(claims().rev(29).build(), "k"))).isPresent();
    assertThat(set.match(RevocationSubject.of(claims().rev(30).build(), "k"))).isEmpty();
  }

  @Test
  void theNewerEntryStaysAsLongAsTheOlderWould() {
    Instant sooner = LATER.minusSeconds(60);
    set.apply(entry(RevocationKind.SESSION, "sess_1", 11, false));
    set.apply(new RevocationEntry("org_a", RevocationKind.SESSION, "sess_1", 12, false, sooner));
    assertThat(set.find("org_a", RevocationKind.SESSION, "sess_1"))
        .contains(entry(RevocationKind.SESSION, "sess_1", 12, false));
  }

  @Test
  void onlyATombstoneRemovesAndOnlyWhatIsNotNewer() {
    set.apply(entry(RevocationKind.SESSION, "sess_1", 12, false));
    assertThat(set.expired(LATER.minusMillis(1))).isEmpty();
    assertThat(set.expired(LATER)).hasSize(1);
    assertThat(set.match(subject())).isPresent();
    set.remove("org_a", RevocationKind.SESSION, "sess_1", 11);
    assertThat(set.size()).isEqualTo(1);
    set.remove("org_a", RevocationKind.SESSION, "sess_1", 12);
    assertThat(set.size()).isZero();
    assertThat(set.match(subject())).isEmpty();
    assertThat(set.appliedSequence()).isEqualTo(12);
  }

  @Test
  void anApiKeyDiesByItsOwnEntryItsSponsorsOrItsTenants() {
    RevocationSubject key =
        RevocationSubject.ofCredential("org_a", "ak_1", "ws_prod", List.of("user_jane", "agent_1"));
    for (RevocationEntry entry :
        List.of(
            entry(RevocationKind.CREDENTIAL, "ak_1", 5, true),
            entry(RevocationKind.SPONSOR, "user_jane", 5, true),
            entry(RevocationKind.IDENTITY, "agent_1", 5, true),
            entry(RevocationKind.WORKSPACE, "ws_prod", 5, true),
            entry(RevocationKind.ORGANIZATION, "org_a", 5, true))) {
      RevocationSet fresh = new RevocationSet();
      fresh.apply(entry);
      assertThat(fresh.match(key)).contains(entry);
    }
  }

  @Test
  void narrowingAnIdentityDoesNotKillAnApiKey() {
    set.apply(entry(RevocationKind.IDENTITY, "agent_1", 1_000_000, false));
    assertThat(set.match(RevocationSubject.ofCredential("org_a", "ak_1", null, List.of("agent_1"))))
        .isEmpty();
  }

  @Test
  void refusesEntriesNothingCouldMatch() {
    assertThatThrownBy(() -> new RevocationEntry("org_a", RevocationKind.KEY, "k", 1, true, LATER))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RevocationEntry("", RevocationKind.TOKEN, "t", 1, true, LATER))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new RevocationEntry("o", RevocationKind.ORGANIZATION, "p", 1, true, LATER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(RevocationKind.class)
  void kindsReadBackFromTheirWireNames(RevocationKind kind) {
    assertThat(RevocationKind.ofWireName(kind.wireName())).contains(kind);
    assertThat(RevocationKind.ofWireName(kind.name())).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "2262-04-12T00:00:00.000001Z, 2262-04-12T00:00:00.000001Z",
    "2999-12-31T23:59:59.123456789Z, 2999-12-31T23:59:59.123456Z",
    "9999-12-31T00:00:00Z, 9999-12-31T00:00:00Z",
    "+1000000000-12-31T23:59:59.999999999Z, 9999-12-31T00:00:00Z",
    "-1000000000-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
  })
  void keepsAnExpiryHoweverFarItIs(Instant expiry, Instant kept) {
    set.apply(new RevocationEntry("org_a", RevocationKind.SESSION, "sess_1", 1, false, expiry));

    assertThat(set.find("org_a", RevocationKind.SESSION, "sess_1").orElseThrow().expiresAt())
        .isEqualTo(kept);
  }

  @Test
  void readersNeverSeeALivingTokenWhileItsEntryIsReplaced() throws Exception {
    set.apply(entry(RevocationKind.SESSION, "sess_1", REV + 1, false));
    AtomicBoolean alive = new AtomicBoolean();
    AtomicBoolean done = new AtomicBoolean();
    RevocationSubject subject = subject();
    Thread reader =
        new Thread(
            () -> {
              while (!done.get()) {
                if (set.match(subject).isEmpty()) {
                  alive.set(true);
                }
              }
            });
    reader.start();
    for (int i = 0; i < 50_000; i++) {
      set.apply(entry(RevocationKind.SESSION, "sess_1", REV + 2 + i, i % 2 == 0));
      set.apply(entry(RevocationKind.TOKEN, "tok_other_" + i, REV + 2 + i, false));
    }
    done.set(true);
    reader.join();
    assertThat(alive).isFalse();
  }

  @Test
  void anEarlyEntryKillsButMovesNoSequence() {
    set.apply(entry(RevocationKind.SESSION, "sess_0", 11, false));
    set.applyEarly(entry(RevocationKind.SESSION, "sess_1", 13, false));

    assertThat(set.match(subject())).isPresent();
    assertThat(set.appliedSequence()).isEqualTo(11);
  }

  @Test
  void anEarlyEntryThatTheFeedHasPassedBringsNothingBack() {
    RevocationEntry entry = entry(RevocationKind.SESSION, "sess_1", 11, false);
    set.apply(entry);
    set.remove("org_a", RevocationKind.SESSION, "sess_1", 12);

    set.applyEarly(entry);

    assertThat(set.size()).isZero();
  }

  @Test
  void anEarlyEntryOpensNothingThatIsClosed() {
    set.apply(entry(RevocationKind.IDENTITY, "agent_1", 20, true));

    set.applyEarly(entry(RevocationKind.IDENTITY, "agent_1", 30, false));

    assertThat(set.find("org_a", RevocationKind.IDENTITY, "agent_1"))
        .hasValueSatisfying(kept -> assertThat(kept.closed()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({
    "ORGANIZATION, org_a, true",
    "WORKSPACE, ws_prod, true",
    "SPONSOR, user_jane, true",
    "IDENTITY, agent_1, false",
    "ORGANIZATION, org_b, false",
  })
  void anOpenEntryKillsTheKeysThatAreOlder(RevocationKind kind, String id, boolean kills) {
    set.apply(entry(kind, id, 20, false));
    List<String> chain = List.of("user_jane", "agent_1");

    RevocationSubject older = RevocationSubject.ofCredential("org_a", "ak_1", "ws_prod", chain, 19);
    RevocationSubject newer = RevocationSubject.ofCredential("org_a", "ak_1", "ws_prod", chain, 20);

    assertThat(set.match(older).isPresent()).isEqualTo(kills);
    assertThat(set.match(newer)).isEmpty();
  }

  @Test
  void manyEntriesAreAllFoundAndThoseThatWereRemovedAreNot() {
    for (int i = 0; i < 5_000; i++) {
      set.apply(entry(RevocationKind.SESSION, "sess_é" + i, i, i % 3 == 0));
    }
    for (int i = 0; i < 5_000; i += 2) {
      set.remove("org_a", RevocationKind.SESSION, "sess_é" + i, 10_000 + i);
    }
    for (int i = 5_000; i < 7_000; i++) {
      set.apply(entry(RevocationKind.SESSION, "sess_é" + i, 20_000 + i, false));
    }

    assertThat(set.size()).isEqualTo(4_500);
    for (int i = 0; i < 7_000; i++) {
      boolean there = i >= 5_000 || i % 2 == 1;
      RevocationEntry expected =
          entry(
              RevocationKind.SESSION,
              "sess_é" + i,
              i < 5_000 ? i : 20_000 + i,
              i < 5_000 && i % 3 == 0);
      assertThat(set.find("org_a", RevocationKind.SESSION, "sess_é" + i))
          .isEqualTo(there ? java.util.Optional.of(expected) : java.util.Optional.empty());
    }
    assertThat(set.entries())
        .hasSize(4_500)
        .isSortedAccordingTo((a, b) -> Long.compare(a.seq(), b.seq()));
  }
}
