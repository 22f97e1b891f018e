package dev.relayauth.token.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.token.config.OutsideConfig;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrustedIssuersTest {
  private static TrustedIssuers of(String... mapping) {
    String issuer = "relayauth.token.trusted-issuers.ci.";
    Map<String, String> settings = new HashMap<>();
    settings.put(issuer + "issuer", "https://ci.example");
    settings.put(issuer + "audience", "relayauth");
    settings.put(issuer + "org", "org_acme");
    settings.put(issuer + "jwks-uri", "https://ci.example/jwks");
    // As Quarkus's own converter would read the default.
    settings.put(issuer + "max-lifetime", "PT24H");
    settings.put(issuer + "mappings.night.claims.sub", "job");
    for (int i = 0; i < mapping.length; i += 2) {
      settings.put(issuer + "mappings.night." + mapping[i], mapping[i + 1]);
    }
    OutsideConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(OutsideConfig.class)
            .withDefaultValues(settings)
            .build()
            .getConfigMapping(OutsideConfig.class);
    return new TrustedIssuers(config, CryptoProvider.preferred(), InstantSource.system());
  }

  @Test
  void doesNotStartWithAMappingToAHumanThatNamesNoScopes() {
    TrustedIssuers issuers = of("identity", "user_jane");

    assertThatThrownBy(() -> issuers.check(new StartupEvent()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("night");
  }

  @Test
  void startsWithOneThatNamesThemAndWithAgents() {
    TrustedIssuers human = of("identity", "user_jane", "scopes", "relayauth:approval:manage");
    TrustedIssuers agent = of("identity", "agent_ci");

    assertThatCode(() -> human.check(new StartupEvent())).doesNotThrowAnyException();
    assertThatCode(() -> agent.check(new StartupEvent())).doesNotThrowAnyException();
  }
}
