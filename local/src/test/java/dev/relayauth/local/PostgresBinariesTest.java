package dev.relayauth.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
  @TempDir Path folder;

  @Test
  void areUnpackedOnceHoweverManyAskAtOnce() throws Exception {
    List<PostgresBinaries> found = Stream.of(1, 2, 3).parallel().map(_ -> unpack(folder)).toList();

    assertThat(found).containsOnly(found.getFirst());
    assertThat(found.getFirst().home().resolve("bin/postgres")).isExecutable();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(found.getFirst().home());
    }
  }

  private static PostgresBinaries unpack(Path folder) {
    try {
      return PostgresBinaries.unpackedIn(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
