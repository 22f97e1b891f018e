package dev.relayauth.common.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
  @Test
  void aMissingPathMeansAnyAndIsNotPrinted() {
    Scope scope = Scope.parse("stripe:orders:read");
    assertThat(scope.path()).isEqualTo("*");
    assertThat(scope.raw()).isEqualTo("stripe:orders:read");
    assertThat(scope).isEqualTo(Scope.parse("stripe:orders:read:*"));
    assertThat(Scope.parse("stripe:orders:read:*").raw()).isEqualTo("stripe:orders:read:*");
  }

  @ParameterizedTest
  @CsvSource({
    "*, stripe:orders:read",
    "*, *",
    "*:*:*:*, *",
    "stripe:*:*, stripe:orders:approve:<=10",
    "stripe:orders:*, stripe:orders:manage",
    "stripe:orders:manage, stripe:orders:read",
    "stripe:orders:manage, stripe:orders:write:/a",
    "stripe:orders:manage, stripe:orders:create",
    "stripe:orders:manage, stripe:orders:delete",
    "stripe:orders:manage, stripe:orders:manage",
    "relayfile:fs:read:/docs/*, relayfile:fs:read:/docs/a/b",
    "relayfile:fs:read:/docs/*, relayfile:fs:read:/docs/",
    "relayfile:fs:read:/docs/*, relayfile:fs:read:/docs/a/*",
    "relayfile:fs:read:/docs/*, relayfile:fs:read://docs///a",
    "relayfile:fs:read:/*, relayfile:fs:read:/docs",
    "stripe:orders:approve:<=5000, stripe:orders:approve:<=5000",
    "stripe:orders:approve:<=5000, stripe:orders:approve:<=1",
    "stripe:orders:approve:<=5000, stripe:orders:approve:5000",
    "stripe:orders:approve:<=5000, stripe:orders:approve:0",
    "stripe:orders:approve:<=5000, stripe:orders:approve:00000000000000000000005000",
    "relaycast:channel:write:#billing, relaycast:channel:write:#billing",
  })
  void covers(String granted, String requested) {
    assertThat(Scope.parse(granted).covers(Scope.parse(requested))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "stripe:orders:read, stripe:orders:write",
    "stripe:orders:read, *",
    "stripe:orders:*, stripe:*:read",
    "stripe:*:*, *:*:*",
    "stripe:orders:manage, stripe:orders:approve",
    "stripe:orders:manage, stripe:refunds:read",
    "stripe:orders:manage, stripe:orders:*",
    "stripe:orders:read, stripe:orders:manage",
    "relayfile:fs:read:/docs/*, relayfile:fs:read:/docs",
    "relayfile:fs:read:/docs/*, relayfile:fs:read:/docsets",
    "relayfile:fs:read:/docs/*, relayfile:fs:read:/*",
    "relayfile:fs:read:/docs/*, relayfile:fs:read",
    "relayfile:fs:read:/docs/a, relayfile:fs:read:/docs/*",
    "relayfile:fs:read:/*, relayfile:fs:read",
    "stripe:orders:approve:<=5000, stripe:orders:approve:5001",
    "stripe:orders:approve:<=5000, stripe:orders:approve:<=5001",
    "stripe:orders:approve:<=5000, stripe:orders:approve",
    "stripe:orders:approve:<=5000, stripe:orders:approve:-5",
    "stripe:orders:approve:<=5000, stripe:orders:approve:1e3",
    "stripe:orders:approve:<=999999999999999999, stripe:orders:approve:1000000000000000000",
    "stripe:orders:approve:<=5000, stripe:orders:approve:18446744073709551617",
    "stripe:orders:approve:5000, stripe:orders:approve:<=5000",
    "relaycast:channel:write:#billing, relaycast:channel:write:#billing2",
  })
  void doesNotCover(String granted, String requested) {
    assertThat(Scope.parse(granted).covers(Scope.parse(requested))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "**",
        "stripe",
        "stripe:orders",
        "stripe:orders:read:",
        "stripe::read",
        ":orders:read",
        "stripe:orders:",
        "stripe:orders:read:a:b",
        "Stripe:orders:read",
        "1stripe:orders:read",
        "-stripe:orders:read",
        "stri*:orders:read",
        "stripe:**:read",
        "stripe:orders:read ",
        " stripe:orders:read",
        "stripe:orders:re ad",
        "stripe:orders:read:a b",
        "stripe:orders:read:a\tb",
        "stripe:orders:read:\u00a0",
        "stripe:orders:read:\u200b",
        "stripe:orders:read:\uff0e\uff0e/x",
        "str\u0131pe:orders:read",
        "stripe:orders:read:**",
        "stripe:orders:read:/docs/**",
        "stripe:orders:read:/docs/*/a",
        "stripe:orders:read:/do*",
        "stripe:orders:read:*/a",
        "stripe:orders:read:/docs/../etc",
        "stripe:orders:read:..",
        "stripe:orders:read:./a",
        "stripe:orders:read:/docs/.",
        "stripe:orders:read:/docs/..;x=1/etc",
        "stripe:orders:read:\\docs",
        "stripe:orders:read:a//b",
        "stripe:orders:read:/a/%2e%2e/b",
        "stripe:orders:read:/a%2Fb",
        "stripe:orders:read:/a%5cb",
        "stripe:orders:read:/a/%252e%252e/b",
        "stripe:orders:read:/a/%c0%ae%c0%ae/b",
        "stripe:orders:read:/%61dmin",
        "stripe:orders:read:/a%00",
        "stripe:orders:read:/a%2a",
        "stripe:orders:read:/a%3ab",
        "stripe:orders:read:/%u002e",
        "stripe:orders:read:/a%",
        "stripe:orders:read:/a%4",
        "stripe:orders:read:/%E2%80%8B",
        "stripe:orders:read:/e%CC%81",
        "stripe:orders:read:<=",
        "stripe:orders:read:<=-1",
        "stripe:orders:read:<=007",
        "stripe:orders:read:<=1.5",
        "stripe:orders:read:<=1000000000000000000",
        "stripe:orders:read:<5",
        "stripe:orders:read:>=5",
        "stripe:orders:read:<=5/*",
        "relayfile:fs:read:docs",
        "relayfile:fs:read:<=5",
        "relayfile:fs:read:#a",
      })
  void refuses(String text) {
    assertThatThrownBy(() -> Scope.parse(text))
        .isInstanceOfSatisfying(
            InvalidScopeException.class,
            e -> {
              assertThat(e.scope()).isEqualTo(text);
              assertThat(e.reason()).isNotBlank();
            });
  }

  @Test
  void collapsesSlashesOfAbsolutePaths() {
    assertThat(Scope.parse("relayfile:fs:read:///a//b//*").raw())
        .isEqualTo("relayfile:fs:read:/a/b/*");
  }

  @Test
  void encodedTextHasOneSpelling() {
    assertThat(Scope.parse("relayfile:fs:read:/%c3%a9%20x"))
        .isEqualTo(Scope.parse("relayfile:fs:read:/%C3%A9%20x"));
  }

  @Test
  void acceptsTheLongestAndRefusesOneMore() {
    String head = "stripe:orders:read:";
    String longest = head + "a".repeat(Scope.MAX_LENGTH - head.length());
    assertThat(Scope.parse(longest).raw()).isEqualTo(longest);
    assertThatThrownBy(() -> Scope.parse(longest + "a")).isInstanceOf(InvalidScopeException.class);
  }

  @Test
  void shortensAHugeTextInItsException() {
    assertThatThrownBy(() -> Scope.parse("x".repeat(100_000)))
        .isInstanceOfSatisfying(
            InvalidScopeException.class, e -> assertThat(e.scope()).hasSize(Scope.MAX_LENGTH + 1));
  }
}
