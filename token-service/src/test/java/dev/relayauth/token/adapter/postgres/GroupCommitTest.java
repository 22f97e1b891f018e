package dev.relayauth.token.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.token.Actor;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import dev.relayauth.token.config.TokenConfig;
import dev.relayauth.token.domain.issuing.Derivation;
import dev.relayauth.token.domain.issuing.Issuance;
import dev.relayauth.token.domain.issuing.IssuedToken;
import dev.relayauth.token.domain.issuing.Session;
import dev.relayauth.token.domain.issuing.TokenClass;
import dev.relayauth.token.domain.refreshing.RefreshTokens;
import dev.relayauth.token.domain.status.StatusPlace;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "token"))
class GroupCommitTest {
  private static final Logger LOG = Logger.getLogger(GroupCommitTest.class);

  @Inject GroupCommit commits;
  @Inject DataSource dataSource;
  @Inject Transactions transactions;
  @Inject AuditRecords records;
  @Inject RefreshTokens refreshTokens;
  @Inject MeterRegistry metrics;

  private final String org = World.get().id(IdPrefix.ORGANIZATION);

  private Issuance issuance(String sid) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Session session =
        new Session(
            sid,
            org,
            "agent_x",
            "ws_prod",
            List.of("user_jane", "agent_x"),
            "agent_x",
            List.of("a:b:read", "a:b:write"),
            List.of("a"),
            List.of("ak_x"),
            Derivation.NONE,
            Duration.ofHours(1),
            now,
            now.plusSeconds(86_400),
            now.plusSeconds(86_400));
    var refreshToken = refreshTokens.generate();
    IssuedToken token =
        new IssuedToken(
            World.get().id(IdPrefix.TOKEN),
            sid,
            org,
            0,
            now,
            now.plusSeconds(3600),
            1,
            refreshToken.hash(),
            "kid");
    return new Issuance(session, token, "compact", refreshToken);
  }

  private AuditRecord auditRecord(Issuance issuance) {
    return records
        .draft("token.issued", org)
        .subject("agent_x", issuance.session().sponsorChain())
        .token(issuance.token().jti())
        .build();
  }

  private CompletableFuture<Void> commit(Issuance issuance) {
    return commits.commit(issuance, auditRecord(issuance), null);
  }

  private String sid() {
    return World.get().id(IdPrefix.SESSION);
  }

  private long count(String table) {
    return transactions.read(
        tx ->
            tx.first("select count(*) from " + table + " where org = ?", row -> row.getLong(1), org)
                .orElseThrow());
  }

  @Test
  void hasCommittedEveryOneOfManyConcurrentIssuesWhenItSaysSo() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int j = 0; j < 50; j++) {
                      commit(issuance(sid())).join();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(count("session")).isEqualTo(3200);
    assertThat(count("token")).isEqualTo(3200);
    assertThat(metrics.get("relayauth.issue.batch").summary().max()).isGreaterThan(1);
  }

  @Test
  void storesAllThatAnIssueSays() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<String> odd = List.of("a,b", "{", "\"quoted\"", "back\\slash", "NULL", " ", "é\n😀");
    Session session =
        new Session(
            sid(),
            org,
            "agent_x",
            null,
            odd,
            "client",
            List.of("a:b:read"),
            List.of(),
            odd.reversed(),
            new Derivation(
                "tok_parent",
                TokenClass.values()[0],
                odd,
                new Actor("agent_y", odd, null),
                List.of("agent_z"),
                "thumb"),
            Duration.ofSeconds(77),
            now,
            now.plusSeconds(5),
            now.plusSeconds(6));
    IssuedToken token =
        new IssuedToken(
                World.get().id(IdPrefix.TOKEN),
                session.sid(),
                org,
                3,
                now,
                now.plusSeconds(4),
                9,
                refreshTokens.generate().hash(),
                "kid")
            .at(new StatusPlace(Integer.MAX_VALUE, (int) System.nanoTime() & 0xFFFF))
            .telling(new BigDecimal("1.50"));
    Issuance whole = new Issuance(session, token, "compact", refreshTokens.generate());

    CompletableFuture.allOf(commit(issuance(sid())), commit(whole), commit(issuance(sid()))).join();

    List<Session> sessions =
        transactions.read(
            tx ->
                tx.query("select * from session where sid = ?", SessionRows::read, session.sid()));
    List<IssuedToken> tokens =
        transactions.read(
            tx -> tx.query("select * from token where jti = ?", TokenRows::read, token.jti()));
    assertThat(sessions).containsExactly(session);
    assertThat(tokens).containsExactly(token);
  }

  @Test
  void commitsTheOthersWhenTheDatabaseRefusesOne() {
    String taken = sid();
    commit(issuance(taken)).join();
    List<CompletableFuture<Void>> good = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      good.add(commit(issuance(sid())));
    }
    CompletableFuture<Void> bad = commit(issuance(taken));
    for (int i = 0; i < 20; i++) {
      good.add(commit(issuance(sid())));
    }

    good.forEach(CompletableFuture::join);
    assertThatThrownBy(bad::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StorageException.class);
    assertThat(count("session")).isEqualTo(41);
  }

  @Test
  void refusesWhatItsQueueDoesNotHold() {
    GroupCommit idle =
        new GroupCommit(dataSource, records, new SmallQueue(), new SimpleMeterRegistry());
    Issuance issuance = issuance(sid());
    assertThat(idle.commit(issuance, auditRecord(issuance), null)).isNotDone();

    CompletableFuture<Void> second = idle.commit(issuance, auditRecord(issuance), null);

    assertThatThrownBy(second::join).hasCauseInstanceOf(QueueFullException.class);
  }

  @Test
  void commitsTwentyThousandFromOneCallerAndTellsHowFast() {
    int count = 20_000;
    List<CompletableFuture<Void>> all = new ArrayList<>(count);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      if (all.size() >= 1_000) {
        all.get(all.size() - 1_000).join();
      }
      all.add(commit(issuance(sid())));
    }
    all.forEach(CompletableFuture::join);
    double seconds = (System.nanoTime() - start) / 1e9;

    LOG.infof("group commit: %.0f issues/s", count / seconds);
    assertThat(count("session")).isEqualTo(count);
  }

  private record SmallQueue() implements TokenConfig {
    @Override
    public String refreshKey() {
      return "";
    }

    @Override
    public Duration refreshGrace() {
      return Duration.ZERO;
    }

    @Override
    public Duration budgetWait() {
      return Duration.ZERO;
    }

    @Override
    public GroupCommit groupCommit() {
      return new OneAtATime();
    }

    private record OneAtATime() implements TokenConfig.GroupCommit {
      @Override
      public int batch() {
        return 1;
      }

      @Override
      public int queue() {
        return 1;
      }

      @Override
      public int committers() {
        return 1;
      }
    }
  }
}
