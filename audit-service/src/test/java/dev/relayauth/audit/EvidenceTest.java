package dev.relayauth.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.relayauth.audit.domain.tree.Checkpoint;
import dev.relayauth.audit.domain.tree.NoteKey;
import dev.relayauth.audit.domain.tree.SignedNote;
import dev.relayauth.audit.tree.SlowTree;
import dev.relayauth.audit.verify.Verify;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.testing.LocalServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(
    value = LocalServers.class,
    initArgs = @ResourceArg(name = "service", value = "audit"))
class EvidenceTest {
  private final Fixture fixture = new Fixture();
  private final List<AuditRecord> logged = new ArrayList<>();

  @Inject Transactions transactions;
  @TempDir Path folder;

  @BeforeEach
  void logSome() {
    for (int i = 0; i < 7; i++) {
      AuditRecord entry =
          fixture.with(
              fixture.entry("role.created", Result.allowed, "agent_" + i),
              Map.of("q", "\"quoted\" \\ \t é 😀", "a", "z", "n", "" + i),
              "user_" + i);
      logged.add(entry);
      fixture.publish(entry);
    }
    fixture.awaitLogged(logged.getLast());
  }

  private String note() {
    return fixture
        .auditor()
        .get("/v1/audit/checkpoint")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  private JsonPath checkpoint() {
    return fixture
        .auditor()
        .header("Accept", "application/json")
        .get("/v1/audit/checkpoint")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private NoteKey key() {
    return NoteKey.parse(checkpoint().getString("verifierKey"));
  }

  private JsonPath proof(String id) {
    return fixture
        .auditor()
        .get("/v1/audit/" + id + "/proof")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static List<byte[]> hashes(JsonPath json) {
    return json.<String>getList("proof").stream().map(Base64.getDecoder()::decode).toList();
  }

  private static byte[] bytes(JsonPath json, String member) {
    return Base64.getDecoder().decode(json.getString(member));
  }

  private String export() {
    return fixture
        .auditor()
        .body(Map.of("format", "verifiable"))
        .post("/v1/audit/export")
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  /** What the verifier prints, after how it ended. */
  private String verify(String export, String note) {
    try {
      Path exported = Files.writeString(folder.resolve("export"), export);
      Path checkpoint = Files.writeString(folder.resolve("checkpoint"), note);
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      int code =
          new Verify(new PrintStream(printed, true, UTF_8))
              .run(
                  "--export",
                  exported.toString(),
                  "--checkpoint",
                  checkpoint.toString(),
                  "--key",
                  key().toString());
      return code + "\n" + printed.toString(UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void sql(String statement, Object... parameters) {
    transactions.write(tx -> tx.update(statement, parameters));
  }

  private void awaitCheckpointOf(long leaves) {
    await().until(() -> checkpoint().getLong("size") >= leaves);
  }

  @Test
  void theCheckpointIsASignedNoteOfTheLogsKey() {
    awaitCheckpointOf(7);

    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note(), key()));

    assertThat(checkpoint.origin()).isEqualTo("auth.example.test/audit/" + fixture.org);
    assertThat(checkpoint.size()).isGreaterThanOrEqualTo(7);
    JsonPath keys = RestAssured.get("/v1/audit/checkpoint/keys").jsonPath();
    assertThat(Base64.getUrlDecoder().decode(keys.getString("keys[0].x")))
        .isEqualTo(key().publicKey());
    assertThat(keys.getString("keys[0].d")).isNull();
  }

  @Test
  void anEntryIsProvenByCodeThatSharesNothingWithOurs() {
    JsonPath proof = proof(logged.get(3).id());

    byte[] leaf = SlowTree.leaf(concat(bytes(proof, "leafSalt"), proof.getString("leafContent")));
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(proof.getString("checkpoint"), key()));
    assertThat(leaf).isEqualTo(bytes(proof, "leafHash"));
    assertThat(
            SlowTree.includes(
                leaf,
                proof.getLong("leafIndex"),
                checkpoint.size(),
                hashes(proof),
                checkpoint.root()))
        .isTrue();
    JsonPath content = JsonPath.from(proof.getString("leafContent"));
    assertThat(content.getString("id")).isEqualTo(logged.get(3).id());
    assertThat(content.<String, String>getMap("metadata")).isEqualTo(logged.get(3).metadata());
  }

  @Test
  void aLaterCheckpointIsProvenToContinueAnEarlierOne() {
    awaitCheckpointOf(7);
    JsonPath first = checkpoint();
    fixture.logged(fixture.entry("role.updated", Result.allowed, "agent_a"));
    awaitCheckpointOf(first.getLong("size") + 1);
    JsonPath second = checkpoint();

    JsonPath proof =
        fixture
            .auditor()
            .queryParam("from", first.getLong("size"))
            .queryParam("to", second.getLong("size"))
            .get("/v1/audit/checkpoint/consistency")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();

    assertThat(
            SlowTree.isExtension(
                first.getLong("size"),
                bytes(first, "rootHash"),
                second.getLong("size"),
                bytes(second, "rootHash"),
                hashes(proof)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"to=1", "from=x", "from=-1", "from=999999", "from=2&to=1", "from=0&to=99999"})
  void sizesThatNoCheckpointHasAre400(String query) {
    fixture
        .auditor()
        .get("/v1/audit/checkpoint/consistency?" + query)
        .then()
        .statusCode(400)
        .body("code", equalTo("validation_failed"));
  }

  @Test
  void anotherTenantHasATreeOfItsOwn() {
    Fixture other = new Fixture();

    other.auditor().get("/v1/audit/" + logged.getFirst().id() + "/proof").then().statusCode(404);
    String note = other.auditor().get("/v1/audit/checkpoint").asString();
    assertThat(note).startsWith("auth.example.test/audit/" + other.org + "\n");
  }

  @Test
  void anUntouchedLogVerifies() {
    awaitCheckpointOf(7);
    String note = note();

    assertThat(verify(export(), note)).startsWith("0\n").contains("OK: nothing was altered");
  }

  @Test
  void anExportFromBeforeTheCheckpointIsToldFromOneThatWasCut() {
    awaitCheckpointOf(7);
    String export = export();
    fixture.logged(fixture.entry("role.updated", Result.allowed, "agent_a"));
    awaitCheckpointOf(leaves(export) + 1);
    String note = note();
    String withoutLast =
        export
            .lines()
            .filter(line -> !line.contains("\"leafIndex\":" + (leaves(export) - 1)))
            .collect(joining("\n"));

    assertThat(verify(export, note))
        .startsWith("2\n")
        .contains("INCOMPLETE: the export ends before the checkpoint")
        .contains("take the checkpoint first")
        .doesNotContain("TREE", "REMOVED");
    assertThat(verify(withoutLast, note))
        .startsWith("1\n")
        .contains("REMOVED   the entry of leaf " + (leaves(export) - 1));
    assertThat(verify(export(), note)).startsWith("0\n");
  }

  @Test
  void anExportWithoutACheckpointOfItsOwnIsNoWholeOne() {
    awaitCheckpointOf(7);
    String note = note();
    String export = export();
    String own = export.lines().toList().getLast();

    assertThat(verify(export.replace(own + "\n", ""), note))
        .startsWith("1\n")
        .contains("TREE      the export doesn't end with a checkpoint");
    assertThat(verify(export.replace(own, own.replace("\\n\\n", "0\\n\\n")), note))
        .startsWith("1\n")
        .contains("TREE      the export doesn't end with a checkpoint");
  }

  private static long leaves(String export) {
    String own = JsonPath.from(export.lines().toList().getLast()).getString("checkpoint");
    return Checkpoint.parse(own).size();
  }

  @Test
  void aFlippedByteADeletedAndAnInsertedRowAreEachNamed() {
    awaitCheckpointOf(7);
    String note = note();
    long deleted = proof(logged.get(4).id()).getLong("leafIndex");
    sql("update audit_record set sponsor_id = 'user_X' where id = ?", logged.get(2).id());
    sql("delete from audit_record where id = ?", logged.get(4).id());
    String copied = "aud_inserted" + fixture.org.substring(4);
    sql(
        """
        insert into audit_record (id, org, action, result, sponsor_chain, metadata, timestamp,
          leaf_index, leaf_salt)
        select ?, org, action, result, sponsor_chain, metadata, timestamp, leaf_index, leaf_salt
        from audit_record where id = ?
        """,
        copied,
        logged.get(5).id());

    String printed = verify(export(), note);

    assertThat(printed)
        .startsWith("1\n")
        .contains("ALTERED   entry " + logged.get(2).id())
        .contains("REMOVED   the entry of leaf " + deleted + "\n")
        .contains("INSERTED  entry " + copied)
        .contains("FAILED: 3 findings");
  }

  @Test
  void aRowBeyondTheTreeAndATamperedTreeAreSeen() {
    awaitCheckpointOf(7);
    String note = note();
    String beyond = "aud_beyond" + fixture.org.substring(4);
    sql(
        """
        insert into audit_record (id, org, action, result, sponsor_chain, metadata, timestamp,
          leaf_index) values (?, ?, 'role.created', 'allowed', '{}', '{}', now(), 100000)
        """,
        beyond,
        fixture.org);
    int whole = hashByte();

    // The log writes its newest tile again when a use of the key is recorded meanwhile.
    await()
        .untilAsserted(
            () -> {
              sql(
                  "update audit_tile set hashes = set_byte(hashes, 5, ?)"
                      + " where org = ? and level = 0",
                  255 - whole,
                  fixture.org);
              assertThat(verify(export(), note))
                  .startsWith("1\n")
                  .contains("INSERTED  entry " + beyond)
                  .contains("TREE      the hashes");
            });
  }

  private int hashByte() {
    return transactions
        .read(
            tx ->
                tx.first(
                    "select get_byte(hashes, 5) from audit_tile where org = ? and level = 0",
                    row -> row.getInt(1),
                    fixture.org))
        .orElseThrow();
  }

  @Test
  void anErasedPayloadIsGoneAndEveryProofStaysValid() {
    AuditRecord victim = logged.get(1);
    fixture
        .auditor()
        .body(Map.of("sponsorId", "user_1", "reason", "asked for it"))
        .post("/v1/audit/erasures")
        .then()
        .statusCode(200)
        .body("erased", equalTo(1));

    String entry = fixture.auditor().get("/v1/audit/" + victim.id()).asString();
    assertThat(entry).contains("\"erased\":true").doesNotContain("user_1", "agent_1", "quoted");
    JsonPath proof = proof(victim.id());
    assertThat(proof.getString("leafSalt")).isNull();
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(proof.getString("checkpoint"), key()));
    assertThat(
            SlowTree.includes(
                bytes(proof, "leafHash"),
                proof.getLong("leafIndex"),
                checkpoint.size(),
                hashes(proof),
                checkpoint.root()))
        .isTrue();
    await()
        .untilAsserted(
            () -> assertThat(verify(export(), note())).startsWith("0\n").contains(" 1 erased,"));
  }

  @Test
  void aPayloadThatVanishedWithoutARecordIsNamed() {
    awaitCheckpointOf(7);
    sql("update audit_record set erased = true, leaf_salt = null where id = ?", logged.get(1).id());

    assertThat(verify(export(), note()))
        .startsWith("1\n")
        .contains("ALTERED   entry " + logged.get(1).id())
        .contains("erased, but not on record");
  }

  @Test
  void anEntryThatIsNotTheTenantsIsNotThereToErase() {
    AuditRecord theirs = logged.getFirst();

    eraseEntry(new Fixture(), theirs.id()).statusCode(404).body("code", equalTo("not_found"));
    eraseEntry(fixture, fixture.world.id(IdPrefix.AUDIT)).statusCode(404);
    eraseEntry(fixture, theirs.id()).statusCode(200).body("erased", equalTo(1));
    eraseEntry(fixture, theirs.id()).statusCode(200).body("erased", equalTo(0));
  }

  private static ValidatableResponse eraseEntry(Fixture whose, String id) {
    return whose
        .auditor()
        .body(Map.of("entryId", id, "reason", "asked for it"))
        .post("/v1/audit/erasures")
        .then();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"reason\":\"x\"}",
        "{\"sponsorId\":\"user_a\"}",
        "{\"sponsorId\":\"user_a\",\"identityId\":\"agent_a\",\"reason\":\"x\"}",
        "{\"sponsorId\":7,\"reason\":\"x\"}"
      })
  void aBadErasureIs400(String body) {
    fixture.auditor().body(body).post("/v1/audit/erasures").then().statusCode(400);
  }

  private static byte[] concat(byte[] salt, String content) {
    byte[] text = content.getBytes(UTF_8);
    byte[] both = java.util.Arrays.copyOf(salt, salt.length + text.length);
    System.arraycopy(text, 0, both, salt.length, text.length);
    return both;
  }
}
