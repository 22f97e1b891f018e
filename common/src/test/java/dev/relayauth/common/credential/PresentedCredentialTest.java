package dev.relayauth.common.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.credential.PresentedCredential.Key;
import dev.relayauth.common.credential.PresentedCredential.None;
import dev.relayauth.common.credential.PresentedCredential.Token;
import dev.relayauth.common.credential.PresentedCredential.Unreadable;
import org.junit.jupiter.api.Test;

class PresentedCredentialTest {
  @Test
  void tellsKeysFromTokens() {
    assertThat(PresentedCredential.of("Bearer rak_x", null)).isEqualTo(new Key("rak_x"));
    assertThat(PresentedCredential.of("bearer a.b.c", null)).isEqualTo(new Token("a.b.c"));
    assertThat(PresentedCredential.of(null, "rak_x")).isEqualTo(new Key("rak_x"));
    assertThat(PresentedCredential.of(null, null)).isEqualTo(new None());
  }

  @Test
  void refusesTwoCredentialsAtOnce() {
    assertThat(PresentedCredential.of("Bearer a.b.c", "rak_x")).isInstanceOf(Unreadable.class);
  }

  @Test
  void refusesOtherSchemesAndEmptyValues() {
    assertThat(PresentedCredential.of("Basic eDp5", null)).isInstanceOf(Unreadable.class);
    assertThat(PresentedCredential.of("Bearer  ", null)).isInstanceOf(Unreadable.class);
    assertThat(PresentedCredential.of(null, " ")).isInstanceOf(Unreadable.class);
  }

  @Test
  void neverShowsTheSecret() {
    assertThat(new Key("rak_secret").toString()).doesNotContain("secret");
    assertThat(new Token("a.secret.c").toString()).doesNotContain("secret");
  }
}
