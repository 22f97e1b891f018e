package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The built packages of a checkout and their AOT caches.
 *
 * @param caches whether caches are used at all
 * @param training whether missing caches are written at the end of a process
 */
record Packages(Path root, boolean caches, boolean training) {

  Path localJar() {
    return required(root.resolve("local/target/relayauth-local.jar"));
  }

  Path serviceJar(ServiceName service) {
    return required(application(service).resolve("quarkus-run.jar"));
  }

  AotCache kafkaCache() {
    return cache(kafkaCacheFile());
  }

  AotCache serviceCache(ServiceName service) {
    return cache(serviceCacheFile(service));
  }

  /** Whether a training run would make anything that is missing. */
  boolean lackCaches() {
    if (!Files.exists(kafkaCacheFile())) {
      return true;
    }
    for (ServiceName service : ServiceName.values()) {
      if (!Files.exists(serviceCacheFile(service))) {
        return true;
      }
    }
    return false;
  }

  private AotCache cache(Path file) {
    if (!caches) {
      return new AotCache.None();
    }
    if (Files.exists(file)) {
      return new AotCache.Use(file);
    }
    if (!training) {
      return new AotCache.None();
    }
    makeRoom(file);
    return new AotCache.Write(file);
  }

  /** Removes the caches of earlier builds of the same package. */
  private static void makeRoom(Path file) {
    String name = file.getFileName().toString();
    String stale = name.substring(0, name.lastIndexOf('-')) + "-*";
    try {
      Files.createDirectories(file.getParent());
      try (DirectoryStream<Path> caches = Files.newDirectoryStream(file.getParent(), stale)) {
        for (Path cache : caches) {
          Files.delete(cache);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path kafkaCacheFile() {
    Path target = root.resolve("local/target");
    return AotCache.fileFor("kafka", target, target);
  }

  private Path serviceCacheFile(ServiceName service) {
    Path application = application(service);
    return AotCache.fileFor(service.slug(), application, application.resolveSibling(""));
  }

  private Path application(ServiceName service) {
    return root.resolve(service.slug() + "-service/target/quarkus-app");
  }

  private static Path required(Path jar) {
    if (!Files.exists(jar)) {
      throw new StartException(jar + " is missing: build first");
    }
    return jar;
  }
}
