package dev.relayauth.common.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Matching against a slow reading of the design, over so few ids that they collide. */
class RevocationPropertiesTest {
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");
  private static final List<String> IDS = List.of("a", "b", "c", "d", "e", "f", "g");
  private static final List<String> ORGS = List.of("o", "p");
  private static final long MAX_SEQ = 6;

  private static Arbitrary<String> id() {
    return Arbitraries.of(IDS);
  }

  @Provide
  Arbitrary<List<RevocationEntry>> entries() {
    return Combinators.combine(
            Arbitraries.of(ORGS),
            Arbitraries.of(RevocationKind.class),
            id(),
            Arbitraries.longs().between(0, MAX_SEQ),
            Arbitraries.of(true, false))
        .as(RevocationPropertiesTest::entry)
        .list()
        .ofMaxSize(6)
        .map(RevocationPropertiesTest::oneEntryASequence);
  }

  private static RevocationEntry entry(
      String org, RevocationKind kind, String id, long seq, boolean closed) {
    return switch (kind) {
      case KEY -> new RevocationEntry("", kind, id, seq, closed, LATER);
      case ORGANIZATION -> new RevocationEntry(org, kind, org, seq, closed, LATER);
      default -> new RevocationEntry(org, kind, id, seq, closed, LATER);
    };
  }

  /** One name has one entry a sequence, as sequences are unique. */
  private static List<RevocationEntry> oneEntryASequence(List<RevocationEntry> entries) {
    Map<String, RevocationEntry> unique = new HashMap<>();
    entries.forEach(e -> unique.putIfAbsent(e.org() + e.kind() + e.id() + e.seq(), e));
    return List.copyOf(unique.values());
  }

  @Provide
  Arbitrary<Claims> tokens() {
    Arbitrary<Actor> actor =
        Combinators.combine(id(), id().list().ofMaxSize(2), id().injectNull(0.5))
            .as(
                (sub, chain, next) ->
                    new Actor(sub, chain, next == null ? null : new Actor(next, List.of(), null)));
    return Combinators.combine(
            Arbitraries.of(ORGS),
            id().list().ofMinSize(4).ofMaxSize(4),
            id().list().ofMinSize(1).ofMaxSize(3),
            id().list().ofMaxSize(2),
            id().injectNull(0.3),
            actor.injectNull(0.5),
            Arbitraries.longs().between(0, MAX_SEQ))
        .as(RevocationPropertiesTest::claims);
  }

  private static Claims claims(
      String org,
      List<String> ids,
      List<String> chain,
      List<String> lineage,
      String parent,
      Actor act,
      long rev) {
    return Claims.builder()
        .iss("i")
        .sub(chain.get(chain.size() - 1))
        .aud(List.of())
        .exp(1)
        .iat(1)
        .nbf(1)
        .jti(ids.get(0))
        .clientId("client")
        .scopes(List.of())
        .org(org)
        .wks(ids.get(1))
        .sid(ids.get(2))
        .sponsorId(ids.get(3))
        .sponsorChain(chain)
        .act(act)
        .parentTokenId(parent)
        .lineage(lineage)
        .rev(rev)
        .build();
  }

  @Property(tries = 20_000)
  void agreesWithANaiveOracle(
      @ForAll("entries") List<RevocationEntry> entries,
      @ForAll("tokens") Claims token,
      @ForAll("kids") String kid) {
    RevocationSet set = new RevocationSet();
    entries.forEach(set::apply);
    boolean killed = current(entries).anyMatch(e -> oracleKills(e, token, kid));
    assertThat(set.match(RevocationSubject.of(token, kid)).isPresent()).isEqualTo(killed);
    Verification.Valid whole =
        new Verification.Valid(token, ScopeSet.empty(), kid, JwtType.JWT, "{}");
    assertThat(set.match(whole).isPresent()).isEqualTo(killed);
    RevocationEntry gone = entries.isEmpty() ? null : entries.get(entries.size() - 1);
    if (gone != null) {
      set.remove(gone.org(), gone.kind(), gone.id(), MAX_SEQ);
      List<RevocationEntry> left = entries.stream().filter(e -> !isNamedLike(e, gone)).toList();
      assertThat(set.match(whole).isPresent())
          .isEqualTo(current(left).anyMatch(e -> oracleKills(e, token, kid)));
      assertThat(set.size()).isEqualTo(current(left).count());
    }
  }

  private static boolean isNamedLike(RevocationEntry one, RevocationEntry other) {
    return one.org().equals(other.org())
        && one.kind() == other.kind()
        && one.id().equals(other.id());
  }

  @Provide
  Arbitrary<String> kids() {
    return id();
  }

  private static Stream<RevocationEntry> current(List<RevocationEntry> entries) {
    return entries.stream()
        .filter(
            e ->
                entries.stream()
                    .noneMatch(
                        o ->
                            o.org().equals(e.org())
                                && o.kind() == e.kind()
                                && o.id().equals(e.id())
                                && o.seq() > e.seq()));
  }

  private static boolean oracleKills(RevocationEntry e, Claims t, String kid) {
    if (e.kind() == RevocationKind.KEY) {
      return e.id().equals(kid) && (e.closed() || t.rev() < e.seq());
    }
    if (!e.org().equals(t.org())) {
      return false;
    }
    List<String> ancestors = new ArrayList<>(t.lineage());
    ancestors.add(t.parentTokenId());
    return switch (e.kind()) {
      case TOKEN -> e.id().equals(t.jti()) || ancestors.contains(e.id());
      case SESSION -> dead(e, t, List.of(t.sid()));
      case WORKSPACE -> dead(e, t, List.of(t.wks()));
      case ORGANIZATION -> dead(e, t, List.of(t.org()));
      case PARENT, CREDENTIAL -> dead(e, t, ancestors);
      case IDENTITY -> dead(e, t, people(t));
      case SPONSOR -> dead(e, t, people(t)) || dead(e, t, List.of(t.sponsorId()));
      case KEY -> throw new AssertionError();
    };
  }

  private static boolean dead(RevocationEntry e, Claims t, List<String> names) {
    return names.contains(e.id()) && (e.closed() || t.rev() < e.seq());
  }

  private static List<String> people(Claims t) {
    List<String> people = new ArrayList<>(t.sponsorChain());
    for (Actor a = t.act(); a != null; a = a.act()) {
      people.add(a.sub());
      people.addAll(a.sponsorChain());
    }
    return people;
  }

  @Property(tries = 2_000)
  void orderAndRepetitionChangeNothing(
      @ForAll("entries") List<RevocationEntry> entries, @ForAll Random random) {
    RevocationSet inOrder = new RevocationSet();
    entries.forEach(inOrder::apply);
    List<RevocationEntry> shuffled = new ArrayList<>(entries);
    shuffled.addAll(entries);
    Collections.shuffle(shuffled, random);
    RevocationSet other = new RevocationSet();
    shuffled.forEach(other::apply);
    assertThat(other.entries()).containsExactlyInAnyOrderElementsOf(inOrder.entries());
    assertThat(other.appliedSequence()).isEqualTo(inOrder.appliedSequence());
  }
}
