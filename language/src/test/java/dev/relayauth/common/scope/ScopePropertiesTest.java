package dev.relayauth.common.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The algebra of scopes, over a small universe so that scopes often do cover each other. */
class ScopePropertiesTest {
  private static final List<String> NAMES = List.of("*", "a", "b");
  private static final List<String> ACTIONS =
      List.of("*", "manage", "read", "write", "create", "delete", "approve");
  private static final List<String> PATHS =
      List.of(
          "*",
          "/*",
          "/d",
          "/d/",
          "/d/*",
          "/d/e",
          "/d/e/*",
          "/d/e/f",
          "/de",
          "d/*",
          "d/e",
          "#x",
          "<=0",
          "<=5",
          "<=50",
          "<=999999999999999999",
          "0",
          "5",
          "05",
          "6",
          "49",
          "9999999999999999999999");

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> path =
        Arbitraries.of(PATHS).map(p -> ":" + p).injectNull(0.2).map(p -> p == null ? "" : p);
    Arbitrary<String> parts =
        Combinators.combine(
                Arbitraries.of(NAMES), Arbitraries.of(NAMES), Arbitraries.of(ACTIONS), path)
            .as((p, r, a, at) -> p + ":" + r + ":" + a + at);
    return Arbitraries.frequencyOf(Tuple.of(20, parts), Tuple.of(1, Arbitraries.just("*")));
  }

  @Provide
  Arbitrary<Scope> scopes() {
    return texts().map(Scope::parse);
  }

  @Provide
  Arbitrary<ScopeSet> sets() {
    return scopes().list().ofMaxSize(6).map(ScopeSet::ofScopes);
  }

  @Property
  void coversIsReflexive(@ForAll("scopes") Scope s) {
    assertThat(s.covers(s)).isTrue();
  }

  @Property(tries = 20_000)
  void coversIsTransitive(
      @ForAll("scopes") Scope a, @ForAll("scopes") Scope b, @ForAll("scopes") Scope c) {
    if (a.covers(b) && b.covers(c)) {
      assertThat(a.covers(c)).as("%s > %s > %s", a, b, c).isTrue();
    }
  }

  @Property(tries = 5_000)
  void coversIsAntisymmetric(@ForAll("scopes") Scope a, @ForAll("scopes") Scope b) {
    if (a.covers(b) && b.covers(a)) {
      assertThat(a).isEqualTo(b);
    }
  }

  @Property(tries = 20_000)
  void coversAgreesWithANaiveOracle(@ForAll("texts") String a, @ForAll("texts") String b) {
    assertThat(Scope.parse(a).covers(Scope.parse(b)))
        .as("%s covers %s", a, b)
        .isEqualTo(oracleCovers(a, b));
  }

  /** Written from the contract's sentences, sharing no code with the implementation. */
  private static boolean oracleCovers(String a, String b) {
    String[] g = (a.equals("*") ? "*:*:*:*" : a + ":*").split(":", -1);
    String[] r = (b.equals("*") ? "*:*:*:*" : b + ":*").split(":", -1);
    boolean action =
        g[2].equals("*")
            || g[2].equals(r[2])
            || (g[2].equals("manage")
                && Set.of("read", "write", "create", "delete").contains(r[2]));
    return action
        && (g[0].equals("*") || g[0].equals(r[0]))
        && (g[1].equals("*") || g[1].equals(r[1]))
        && oraclePath(g[3], r[3]);
  }

  private static boolean oraclePath(String g, String r) {
    if (g.equals("*") || g.equals(r)) {
      return true;
    }
    if (g.startsWith("<=")) {
      String n = r.startsWith("<=") ? r.substring(2) : r;
      return n.matches("[0-9]+")
          && new BigInteger(n).compareTo(new BigInteger(g.substring(2))) <= 0;
    }
    return g.endsWith("/*") && !r.equals("*") && r.startsWith(g.substring(0, g.length() - 1));
  }

  @Property
  void parsingWhatIsPrintedIsTheSame(@ForAll("scopes") Scope s) {
    assertThat(Scope.parse(s.toString())).isEqualTo(s);
    assertThat(Scope.parse(s.toString()).raw()).isEqualTo(s.raw());
    assertThat(Scope.parse(s.plane() + ":" + s.resource() + ":" + s.action() + ":" + s.path()))
        .isEqualTo(s);
  }

  @Property(tries = 20_000)
  void theMeetIsCoveredExactlyWhenBothAre(
      @ForAll("scopes") Scope a, @ForAll("scopes") Scope b, @ForAll("scopes") Scope x) {
    boolean byMeet = a.meet(b).map(m -> m.covers(x)).orElse(false);
    assertThat(byMeet).isEqualTo(a.covers(x) && b.covers(x));
    assertThat(a.meet(b)).isEqualTo(b.meet(a));
  }

  @Property(tries = 5_000)
  void aSetCoversWhatOneOfItsScopesCovers(@ForAll("sets") ScopeSet set, @ForAll("scopes") Scope x) {
    boolean naive = set.stream().anyMatch(s -> s.covers(x));
    assertThat(set.covers(x)).isEqualTo(naive);
    assertThat(set.coveringGrant(x).isPresent()).isEqualTo(naive);
    set.coveringGrant(x).ifPresent(g -> assertThat(g.covers(x)).isTrue());
  }

  @Property(tries = 5_000)
  void attenuationComposes(
      @ForAll("sets") ScopeSet r, @ForAll("sets") ScopeSet a, @ForAll("sets") ScopeSet b) {
    ScopeSet narrowedOnce = r.intersection(a);
    ScopeSet narrowedTwice = narrowedOnce.intersection(b);
    assertThat(narrowedTwice.isSubsetOf(narrowedOnce)).isTrue();
    assertThat(narrowedOnce.isSubsetOf(a)).isTrue();
    assertThat(narrowedTwice.isSubsetOf(a)).isTrue();
    if (r.isSubsetOf(a) && a.isSubsetOf(b)) {
      assertThat(r.isSubsetOf(b)).isTrue();
    }
  }

  @Property(tries = 5_000)
  void theIntersectionAllowsExactlyWhatBothDo(
      @ForAll("sets") ScopeSet a, @ForAll("sets") ScopeSet b, @ForAll("scopes") Scope x) {
    assertThat(a.intersection(b).covers(x)).isEqualTo(a.covers(x) && b.covers(x));
  }

  @Property(tries = 5_000)
  void setsThatAreSubsetsOfEachOtherCoverTheSame(
      @ForAll("sets") ScopeSet a, @ForAll("sets") ScopeSet b, @ForAll("scopes") Scope x) {
    if (a.isSubsetOf(b) && b.isSubsetOf(a)) {
      assertThat(a.covers(x)).isEqualTo(b.covers(x));
    }
  }

  @Provide
  Arbitrary<String> junk() {
    Arbitrary<String> pieces =
        Arbitraries.of(
                "*",
                ":",
                "/",
                "/*",
                "..",
                ".",
                "%",
                "%2e",
                "%C3%A9",
                "<=",
                "9",
                "a",
                "\\",
                " ",
                "#",
                "relayfile:fs:read:",
                "\ud83d",
                "\u0000",
                ";",
                "//",
                "a:b:c:")
            .list()
            .ofMaxSize(12)
            .map(l -> String.join("", l));
    return Arbitraries.oneOf(Arbitraries.strings().all().ofMaxLength(600), pieces);
  }

  @Property(tries = 20_000)
  void junkIsRefusedWithOneExceptionOrIsNormal(@ForAll("junk") String junk) {
    Scope scope;
    try {
      scope = Scope.parse(junk);
    } catch (InvalidScopeException e) {
      return;
    }
    assertThat(Scope.parse(scope.raw()).raw()).isEqualTo(scope.raw());
    assertThat(scope.path())
        .doesNotContain("//", "\\", " ", "/../", "%2e", "%2E", ":")
        .doesNotMatch("(.*/)?\\.\\.?(/.*)?");
  }
}
