package dev.relayauth.stack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.relayauth.stack.ServiceName;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void readsReplicas() {
    Options options = Options.parse(List.of("up", "--replicas", "policy=2,token=3"));

    assertThat(options.replicasOf(ServiceName.POLICY)).isEqualTo(2);
    assertThat(options.replicasOf(ServiceName.TOKEN)).isEqualTo(3);
    assertThat(options.replicasOf(ServiceName.AUDIT)).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrong() {
    refuses("unknown command", "start");
    refuses("--port", "up", "--port", "eighty");
    refuses("between", "up", "--port", "70000");
    refuses("policies", "up", "--replicas", "policies=2");
    refuses("--replicas", "up", "--replicas", "policy");
    refuses("--state needs a value", "up", "--state");
    refuses("--freshly", "up", "--freshly");
  }

  private static void refuses(String why, String... arguments) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.parse(List.of(arguments)))
        .withMessageContaining(why);
  }
}
