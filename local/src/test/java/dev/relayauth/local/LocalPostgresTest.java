package dev.relayauth.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalPostgresTest {
  @TempDir Path directory;

  @Test
  void keepsWhatWasCommittedWhenItIsKilledUnderAClient() throws Exception {
    try (LaunchedServer first = launch();
        Connection client = DriverManager.getConnection(first.address())) {
      execute(client, "CREATE TABLE kept AS SELECT 42 AS answer");
      first.kill();

      try (LaunchedServer second = launch();
          Connection later = DriverManager.getConnection(second.address())) {
        assertThat(query(later, "SELECT answer FROM kept")).isEqualTo("42");
      }
    }
  }

  @Test
  void startsAgainAfterThePostmasterAloneWasKilled() throws Exception {
    try (LaunchedServer first = launch();
        Connection client = DriverManager.getConnection(first.address())) {
      execute(client, "CREATE TABLE kept AS SELECT 42 AS answer");
      postmaster().destroyForcibly();

      assertThat(first.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(first.process().exitValue()).isEqualTo(1);
      try (LaunchedServer second = launch();
          Connection later = DriverManager.getConnection(second.address())) {
        assertThat(query(later, "SELECT answer FROM kept")).isEqualTo("42");
      }
    }
  }

  @Test
  void stopsWithItsParentAndLeavesNothingBehind() throws Exception {
    Process parent = new ProcessBuilder("sleep", "60").start();
    try (LaunchedServer server = launch("--parent", Long.toString(parent.pid()))) {
      server.address();
      ProcessHandle postmaster = postmaster();

      parent.destroyForcibly();

      assertThat(server.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(postmaster.isAlive()).isFalse();
    }
  }

  @Test
  void refusesDataThatAnotherRunOwns() throws Exception {
    try (LaunchedServer owner = launch()) {
      String address = owner.address();

      try (LaunchedServer intruder = launch()) {
        assertThat(intruder.process().waitFor()).isEqualTo(1);
      }
      try (Connection client = DriverManager.getConnection(address)) {
        assertThat(query(client, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void isDurableUnlessAskedToBeFast() throws Exception {
    try (LaunchedServer durable =
            LaunchedServer.launch("postgres", "--dir", directory.resolve("a").toString());
        LaunchedServer fast =
            LaunchedServer.launch(
                "postgres", "--fast", "--dir", directory.resolve("b").toString());
        Connection toDurable = DriverManager.getConnection(durable.address());
        Connection toFast = DriverManager.getConnection(fast.address())) {
      assertThat(query(toDurable, "SHOW fsync")).isEqualTo("on");
      assertThat(query(toDurable, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(query(toFast, "SHOW fsync")).isEqualTo("off");
    }
  }

  private LaunchedServer launch(String... more) throws Exception {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "postgres";
    arguments[1] = "--dir";
    arguments[2] = directory.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return LaunchedServer.launch(arguments);
  }

  private ProcessHandle postmaster() throws Exception {
    return PostmasterFile.read(directory.resolve("data"))
        .flatMap(PostmasterFile::postmaster)
        .orElseThrow();
  }

  private static void execute(Connection client, String sql) throws SQLException {
    try (var statement = client.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(Connection client, String sql) throws SQLException {
    try (var statement = client.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
