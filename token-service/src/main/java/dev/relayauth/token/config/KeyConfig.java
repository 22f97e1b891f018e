package dev.relayauth.token.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How signing keys rest and how long they sign. */
@ConfigMapping(prefix = "relayauth.token")
public interface KeyConfig {
  /** 32 bytes in base64url under which signing keys rest; this or the file is needed. */
  Optional<String> keyEncryptionKey();

  /** A file that holds the same. */
  Optional<Path> keyEncryptionKeyFile();

  /** Former ones: what they encrypted is read, and encrypted anew at start. */
  Optional<List<String>> previousKeyEncryptionKeys();

  /** How long a key signs before its standby replaces it. */
  @WithName("key-rotation")
  @WithDefault("90d")
  Duration rotation();

  /** How long a new key is published before it signs, so that every verifier has it by then. */
  @WithDefault("6s")
  Duration keyActivationDelay();
}
