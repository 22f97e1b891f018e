package dev.relayauth.stack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchPacesTest {
  @Test
  void looksAtLatencyAtAShareOfWhatTheMachineDoesAndOfWhatIsAimedAt() {
    assertThat(Bench.paces(1_000))
        .containsExactly(Map.entry("70% load", 700.0), Map.entry("70% of the aim", 1_050.0));
  }
}
