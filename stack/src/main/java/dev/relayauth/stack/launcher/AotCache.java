package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a JVM does about its AOT cache (JEP 514): nothing, start from it, or write it at its end.
 */
sealed interface AotCache {

  /** The JVM's flags. */
  List<String> flags();

  /** No cache. */
  record None() implements AotCache {
    @Override
    public List<String> flags() {
      return List.of();
    }
  }

  /** Start from a cache. */
  record Use(Path file) implements AotCache {
    @Override
    public List<String> flags() {
      return List.of("-XX:AOTCache=" + file, "-Xlog:aot=off,aot*=off");
    }
  }

  /** Write a cache at the end. */
  record Write(Path file) implements AotCache {
    @Override
    public List<String> flags() {
      return List.of("-XX:AOTCacheOutput=" + file, "-Xlog:aot=off,aot*=off");
    }
  }

  /** The cache of a package, named by everything that decides whether it fits. */
  static Path fileFor(String name, Path packageDirectory, Path target) {
    return target
        .resolve("relayauth-aot")
        .resolve(name + "-" + fingerprint(packageDirectory) + ".aot");
  }

  /** A JVM refuses a cache when a jar's size or time differs, or when it is another JVM. */
  private static String fingerprint(Path packageDirectory) {
    StringBuilder seen =
        new StringBuilder(System.getProperty("java.vm.version")).append(packageDirectory);
    try (Stream<Path> files =
        Files.find(packageDirectory, 4, (file, attributes) -> file.toString().endsWith(".jar"))) {
      files.sorted().forEach(jar -> seen.append(describe(jar)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sha256(seen.toString()).substring(0, 16);
  }

  private static String describe(Path jar) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
      return "\n" + jar + " " + attributes.size() + " " + attributes.lastModifiedTime().toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
