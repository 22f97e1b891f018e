package dev.relayauth.common.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiKeyFormatTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void recognisesItsOwnKeys() {
    String key = ApiKeyFormat.generate(ApiKeyFormat.API_KEY, random);
    assertThat(ApiKeyFormat.isWellFormed(ApiKeyFormat.API_KEY, key)).isTrue();
    assertThat(ApiKeyFormat.isWellFormed(ApiKeyFormat.WORKSPACE_TOKEN, key)).isFalse();
  }

  @Test
  void refusesAKeyWithOneWrongCharacterWithoutALookUp() {
    String key = ApiKeyFormat.generate(ApiKeyFormat.API_KEY, random);
    for (int i = 4; i < key.length(); i++) {
      char other = key.charAt(i) == 'a' ? 'b' : 'a';
      String mistyped = key.substring(0, i) + other + key.substring(i + 1);
      assertThat(ApiKeyFormat.isWellFormed(ApiKeyFormat.API_KEY, mistyped)).isFalse();
    }
  }

  @Test
  void showsOnlyTheFirstCharacters() {
    String key = ApiKeyFormat.generate(ApiKeyFormat.API_KEY, random);
    String shown = ApiKeyFormat.visiblePart(ApiKeyFormat.API_KEY, key);
    assertThat(shown).hasSize(10);
    assertThat(key).startsWith(shown);
  }
}
