package dev.relayauth.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.relayauth.common.error.RefusedException;
import org.junit.jupiter.api.Test;

class ViolationsTest {
  @Test
  void namesWhereAndWhatWithoutABlankForTheWholeBody() {
    Violations violations =
        new Violations().check(false, "", "nothing to change").check(false, "/name", "is required");
    RefusedException refused = catchThrowableOfType(RefusedException.class, violations::throwIfAny);
    assertThat(refused.detail()).isEqualTo("nothing to change; /name is required");
  }
}
