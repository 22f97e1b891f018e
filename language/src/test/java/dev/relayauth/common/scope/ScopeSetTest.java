package dev.relayauth.common.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScopeSetTest {
  @Test
  void keepsOrderAndDropsDuplicates() {
    ScopeSet set = ScopeSet.of(List.of("b:r:read", "a:r:read", "b:r:read:*", "*:r:read"));
    assertThat(set.toList()).containsExactly("b:r:read", "a:r:read", "*:r:read");
    assertThat(set.planes()).containsExactly("b", "a", "*");
    assertThat(set.size()).isEqualTo(3);
  }

  @Test
  void oneInvalidGrantDisablesNoOther() {
    List<String> grants = List.of("nonsense", "stripe:orders:read", "a:b:c:..");
    assertThat(ScopeSet.lenient(grants).toList()).containsExactly("stripe:orders:read");
    assertThatThrownBy(() -> ScopeSet.of(grants)).isInstanceOf(InvalidScopeException.class);
  }

  @Test
  void namesTheCoveringGrantAndTheFirstNotCovered() {
    ScopeSet held = ScopeSet.of(List.of("stripe:*:read", "*:channel:write"));
    assertThat(held.coveringGrant(Scope.parse("stripe:orders:read")))
        .contains(Scope.parse("stripe:*:read"));
    assertThat(held.coveringGrant(Scope.parse("relaycast:channel:write:#a")))
        .contains(Scope.parse("*:channel:write"));
    ScopeSet asked =
        ScopeSet.of(List.of("stripe:orders:read", "stripe:orders:write", "github:repo:read"));
    assertThat(held.firstNotCovered(asked)).contains(Scope.parse("stripe:orders:write"));
    assertThat(asked.isSubsetOf(held)).isFalse();
  }

  @Test
  void nothingCoversNothingButIsASubsetOfAll() {
    assertThat(ScopeSet.empty().covers(Scope.parse("a:b:c"))).isFalse();
    assertThat(ScopeSet.empty().isSubsetOf(ScopeSet.empty())).isTrue();
    assertThat(ScopeSet.of(List.of("a:b:c")).isSubsetOf(ScopeSet.empty())).isFalse();
  }

  @Test
  void isBounded() {
    List<String> many =
        IntStream.rangeClosed(0, ScopeSet.MAX_SIZE).mapToObj(i -> "a:b:c:" + i).toList();
    assertThatThrownBy(() -> ScopeSet.of(many)).isInstanceOf(InvalidScopeException.class);
    assertThat(ScopeSet.lenient(many).size()).isEqualTo(ScopeSet.MAX_SIZE);
  }

  @Test
  void theIntersectionIsWhatBothAllow() {
    ScopeSet identity =
        ScopeSet.of(List.of("relayfile:fs:*:/docs/*", "stripe:orders:approve:<=500"));
    ScopeSet token = ScopeSet.of(List.of("relayfile:*:read", "*:*:approve:<=100", "github:*:*"));
    assertThat(identity.intersection(token).toList())
        .containsExactly("relayfile:fs:read:/docs/*", "stripe:orders:approve:<=100");
  }
}
