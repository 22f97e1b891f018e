package dev.relayauth.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs of this machine's kind, unpacked once beside this module's jar.
 *
 * @param home the folder that holds {@code bin}
 */
record PostgresBinaries(Path home) {

  /**
   * Finds the programs, unpacking them first if need be. Safe to call from several processes at
   * once: each unpacks to a folder of its own and the first to rename wins.
   *
   * @throws IOException if there are none for this machine, or they can't be written
   */
  static PostgresBinaries unpacked() throws IOException {
    return unpackedIn(besideThisJar());
  }

  /** The same, in a folder of the caller's choice. */
  static PostgresBinaries unpackedIn(Path folder) throws IOException {
    String archive = archiveName();
    Path home = folder.resolve(archive.replace(".txz", ""));
    if (!Files.isDirectory(home)) {
      try (InputStream packed = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
        if (packed == null) {
          throw new IOException(
              "no PostgreSQL for this machine (" + archive + "): set RELAYAUTH_POSTGRES_URL");
        }
        Path scratch = Files.createTempDirectory(home.getParent(), "postgres-unpack");
        unpack(packed, scratch);
        publish(scratch, home);
      }
    }
    return new PostgresBinaries(home);
  }

  /**
   * The command line that runs a program. PostgreSQL refuses to run as root, so root gives it a
   * user namespace in which it is nobody.
   */
  List<String> command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "--user"));
    }
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    return command;
  }

  private static String archiveName() {
    String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
    String machine =
        switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
          case "aarch64" -> "arm_64";
          case "amd64" -> "x86_64";
          case String other -> other;
        };
    return "postgres-" + system + "-" + machine + ".txz";
  }

  private static Path besideThisJar() throws IOException {
    try {
      return Path.of(
              PostgresBinaries.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath()
          .resolveSibling("");
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static void unpack(InputStream packed, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, target.resolve(entry.getName()).normalize());
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      file.toFile().setExecutable((entry.getMode() & 0100) != 0);
    }
  }

  private static void publish(Path scratch, Path home) throws IOException {
    try {
      Files.move(scratch, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException failed) {
      if (!Files.isDirectory(home)) {
        throw failed;
      }
      // Another process was faster.
      Folders.delete(scratch);
    }
  }
}
