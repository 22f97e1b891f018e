package dev.relayauth.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.relayauth.common.error.RefusedException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViolationsTest {
  @Test
  void namesWhereAndWhatWithoutABlankForTheWholeBody() {
    Violations violations =
        new Violations().check(false, "", "nothing to change").check(false, "/name", "is required");
    RefusedException refused = catchThrowableOfType(RefusedException.class, violations::throwIfAny);
    assertThat(refused.detail()).isEqualTo("nothing to change; /name is required");
  }

  @Test
  void countsMetadataInBytes() {
    assertThat(Violations.isMetadataText("é".repeat(512))).isTrue();
    assertThat(Violations.isMetadataText("é".repeat(513))).isFalse();
    assertThatThrownBy(
            () ->
                new Violations().metadata(Map.of("key", "é".repeat(513)), "/metadata").throwIfAny())
        .isInstanceOf(RefusedException.class);
  }
}
