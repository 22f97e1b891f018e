package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A checkout whose services are fakes and whose PostgreSQL and Kafka are real. */
final class FakeCheckout {
  private FakeCheckout() {}

  static Path in(Path folder) throws IOException {
    Path local = Path.of(System.getProperty("relayauth.root"), "local/target/relayauth-local.jar");
    writeJar(
        Files.createDirectories(folder.resolve("local/target")).resolve("relayauth-local.jar"),
        "dev.relayauth.local.LocalMain",
        local.toUri().toString());
    String fakes = FakeService.class.getProtectionDomain().getCodeSource().getLocation().toString();
    for (ServiceName service : ServiceName.values()) {
      Path application =
          Files.createDirectories(folder.resolve(service.slug() + "-service/target/quarkus-app"));
      writeJar(application.resolve("quarkus-run.jar"), FakeService.class.getName(), fakes);
    }
    return folder;
  }

  private static void writeJar(Path jar, String mainClass, String classPath) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
    attributes.put(Attributes.Name.CLASS_PATH, classPath);
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }
}
