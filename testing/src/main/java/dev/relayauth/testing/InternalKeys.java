package dev.relayauth.testing;

import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.VerificationKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The key files of a set of services, made anew. */
record InternalKeys(Path directory) {
  static InternalKeys create(List<String> services) {
    try {
      Path directory = Files.createTempDirectory("relayauth-internal");
      List<VerificationKey> trusted = new ArrayList<>();
      for (String service : services) {
        SigningKey key = SigningKey.generate(SigningAlgorithm.EDDSA, service);
        Files.writeString(directory.resolve(service + ".json"), key.toPrivateJwk());
        trusted.add(key.verificationKey());
      }
      Files.writeString(directory.resolve("trusted.json"), KeySet.of(trusted).toJson());
      return new InternalKeys(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String privateKeyFile(String service) {
    return directory.resolve(service + ".json").toString();
  }

  String trustedKeysFile() {
    return directory.resolve("trusted.json").toString();
  }
}
