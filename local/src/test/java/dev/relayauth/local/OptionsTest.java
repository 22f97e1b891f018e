package dev.relayauth.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void readsEveryOption() {
    Options options =
        Options.parse(
            List.of(
                "kafka",
                "--dir",
                "/data",
                "--port",
                "9092",
                "--partitions",
                "6",
                "--parent",
                "42"));

    assertThat(options)
        .isEqualTo(
            new Options(
                Options.Kind.KAFKA,
                Path.of("/data"),
                9092,
                false,
                6,
                OptionalLong.of(42),
                Optional.empty(),
                ""));
  }

  @Test
  void isDurableAndPicksAFreePortUnlessToldOtherwise() {
    Options options = Options.parse(List.of("postgres", "--dir", "/data"));

    assertThat(options.fast()).isFalse();
    assertThat(options.port()).isZero();
  }

  @Test
  void namesWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("mysql", "--dir", "/data")))
        .withMessageContaining("mysql");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("kafka")))
        .withMessageContaining("--dir");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("kafka", "--dir")))
        .withMessageContaining("--dir needs a value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of("kafka", "--dir", "/data", "--prot", "1")))
        .withMessageContaining("--prot");
  }
}
