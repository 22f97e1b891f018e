package dev.relayauth.audit.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import dev.relayauth.testing.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That PostgreSQL, left to choose, answers each filter from the index that was made for it. */
@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class PageQueryTest {
  private static final Instant FROM =
      Instant.now().truncatedTo(ChronoUnit.DAYS).minus(3, ChronoUnit.DAYS);
  private static final Instant TO = FROM.plus(1, ChronoUnit.DAYS);

  /** Twenty thousand rows, of which each value of a column has one in a thousand. */
  private static final String ROWS =
      """
      insert into audit_record (id, org, action, identity_id, workspace_id, plane, result,
        sponsor_id, sponsor_chain, metadata, token_id, session_id, timestamp, leaf_index)
      select 'aud_' || md5(?::text || g), ?::text, 'a.' || g % 1000, 'agent_' || g % 1000,
        'ws_' || g % 1000, 'p' || g % 1000,
        case when g % 1000 = 7 then 'denied' when g % 1000 = 8 then 'error' else 'allowed' end,
        'user_' || g % 1000, '{}', '{}', 'tok_' || g % 1000, 'sess_' || g % 1000,
        ?::text::timestamptz + g * interval '1 second', g
      from generate_series(0, 19999) g
      """;

  @Inject Transactions transactions;

  private final String org = World.get().id(IdPrefix.ORGANIZATION);

  /** The filters of the list, and what the index that answers each is over. */
  enum Asked {
    IDENTITY(
        "hashtextextended(identity_id,",
        new AuditFilter("agent_7", null, null, null, null, FROM, TO, null, null, null)),
    ACTION(
        "hashtextextended(action,",
        new AuditFilter(null, "a.7", null, null, null, FROM, TO, null, null, null)),
    WORKSPACE(
        "hashtextextended(workspace_id,",
        new AuditFilter(null, null, "ws_7", null, null, FROM, TO, null, null, null)),
    PLANE(
        "hashtextextended(plane,",
        new AuditFilter(null, null, null, "p7", null, FROM, TO, null, null, null)),
    DENIED(
        "hashtextextended(result,",
        new AuditFilter(null, null, null, null, Result.denied, FROM, TO, null, null, null)),
    ERROR(
        "hashtextextended(result,",
        new AuditFilter(null, null, null, null, Result.error, FROM, TO, null, null, null)),
    SPONSOR(
        "hashtextextended(sponsor_id,",
        new AuditFilter(null, null, null, null, null, FROM, TO, "user_7", null, null)),
    TOKEN(
        "hashtextextended(token_id,",
        new AuditFilter(null, null, null, null, null, FROM, TO, null, "tok_7", null)),
    SESSION(
        "hashtextextended(session_id,",
        new AuditFilter(null, null, null, null, null, FROM, TO, null, null, "sess_7")),
    ALLOWED(
        "hashtextextended(''::text,",
        new AuditFilter(null, null, null, null, Result.allowed, FROM, TO, null, null, null)),
    EVERYTHING(
        "hashtextextended(''::text,",
        new AuditFilter(null, null, null, null, null, FROM, TO, null, null, null));

    private final String column;
    private final AuditFilter filter;

    Asked(String column, AuditFilter filter) {
      this.column = column;
      this.filter = filter;
    }
  }

  @BeforeEach
  void fill() {
    transactions.write(
        tx -> {
          tx.first("select ensure_audit_day(?::date)", row -> "", FROM.toString());
          tx.update(ROWS, org, org, FROM.toString());
          return tx.update("analyze audit_record");
        });
  }

  @Test
  void aPageIsReadInItsOrderFromTheIndexOfItsFilter() {
    assertThat(Asked.values()).allSatisfy(asked -> answeredByItsIndex(asked, null));
  }

  @Test
  void theNextPageIsToo() {
    AuditEntry.Place place = new AuditEntry.Place(FROM.plusSeconds(10_000), 10_000);

    assertThat(Asked.values()).allSatisfy(asked -> answeredByItsIndex(asked, place));
  }

  private void answeredByItsIndex(Asked asked, AuditEntry.@Nullable Place after) {
    assertThat(plan(PageQuery.of(org, asked.filter, 51, after)))
        .contains("Index Cond", asked.column)
        .doesNotContain("Sort", "Seq Scan");
  }

  @Test
  void anAgentsEntriesAreWalkedAloneWhateverElseIsAsked() {
    AuditFilter denied =
        new AuditFilter("agent_7", null, null, null, Result.denied, FROM, TO, null, null, null);
    AuditFilter plane =
        new AuditFilter("agent_7", null, null, "p7", null, FROM, TO, null, null, null);

    assertThat(List.of(denied, plane))
        .allSatisfy(
            filter ->
                assertThat(plan(PageQuery.of(org, filter, 51, null)))
                    .contains("Index Cond", "hashtextextended(identity_id,")
                    .doesNotContain(
                        "hashtextextended(plane,",
                        "hashtextextended(result,",
                        "Bitmap",
                        "Sort",
                        "Seq Scan"));
  }

  @Test
  void anEntryIsFoundByItsId() {
    String plan =
        plan("select * from audit_record where " + AuditKeys.of("id"), org, "aud_1", org, "aud_1");

    assertThat(plan).contains("Index Cond", "hashtextextended(id,");
  }

  @Test
  void whatCameInSinceIsReadFromTheIndexOfLeaves() {
    PageQuery query =
        PageQuery.after(org, AuditFilter.ALL, AuditEntry.Arrival.afterLeaf(19_900), 100);

    assertThat(plan(query)).contains("Index Cond", "leaf_index >= ");
  }

  private String plan(PageQuery query) {
    return plan(query.sql(), query.parameters());
  }

  private String plan(String sql, @Nullable Object... parameters) {
    List<String> lines =
        transactions.read(tx -> tx.query("explain " + sql, row -> row.getString(1), parameters));
    return String.join("\n", lines);
  }
}
