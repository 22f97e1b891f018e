package dev.relayauth.policy.domain.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationEntry;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Actor;
import dev.relayauth.common.token.Verification;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GoldenDecisionsTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/decisions");
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .registerModule(new JavaTimeModule())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Origin ORIGIN =
      new Origin("ak_gateway", "user_ops", "198.51.100.1", "test", "req_1", null);

  private final PolicyDecisionPoint point =
      new PolicyDecisionPoint(InstantSource.fixed(Samples.NOW));

  @Test
  void thereAreAtLeastAHundredCases() {
    assertThat(files().mapToInt(file -> read(file).cases().size()).sum())
        .isGreaterThanOrEqualTo(100);
  }

  @TestFactory
  Stream<DynamicTest> eachCaseDecidesAndIsRecordedAsItSays() {
    return files()
        .flatMap(
            file -> {
              GoldenFile golden = read(file);
              return golden.cases().stream()
                  .map(
                      one ->
                          dynamicTest(
                              file.getFileName() + ": " + one.name(), () -> check(golden, one)));
            });
  }

  private void check(GoldenFile golden, GoldenFile.Case one) {
    Map<String, IdentityState> agents = agents(golden);
    DecisionRequest request = request(agents, one);
    Decision decision = point.decide(snapshot(golden, one), request);
    GoldenFile.Expected expected = one.expect();
    assertThat(decision.isAllowed() ? "allow" : "deny")
        .as("decision, by %s", decision)
        .isEqualTo(expected.decision());
    assertThat(decision.reason().slug()).isEqualTo(expected.reason());
    assertThat(matched(decision.matched())).isEqualTo(orEmpty(expected.matched()));
    assertThat(decision instanceof Decision.Permit permit ? permit.obligations() : List.of())
        .isEqualTo(orEmpty(expected.obligations()));
    checkRecord(
        expected,
        one.scope(),
        DecisionRecord.of("dec_1", 7, request, decision, ORIGIN, Samples.NOW));
  }

  private static void checkRecord(
      GoldenFile.Expected expected, String scope, AuditRecord auditRecord) {
    assertThat(auditRecord.id()).isEqualTo("aud_1");
    assertThat(auditRecord.action()).isEqualTo("scope.checked");
    assertThat(auditRecord.orgId()).isEqualTo(Samples.ORG);
    assertThat(
            new GoldenFile.Recorded(
                auditRecord.result().name(),
                auditRecord.identityId(),
                auditRecord.sponsorChain(),
                auditRecord.plane(),
                auditRecord.resource(),
                auditRecord.tokenId()))
        .isEqualTo(expected.audit());
    assertThat(auditRecord.metadata())
        .containsEntry("scope", Scope.parse(scope).raw())
        .containsEntry("reason", expected.reason())
        .containsEntry("decisionId", "dec_1")
        .containsEntry("policyRevision", "7")
        .containsEntry("actorId", "ak_gateway");
    assertThat(auditRecord.metadata().get("policy"))
        .isEqualTo(orEmpty(expected.matched()).get("policy"));
    assertThat(auditRecord.requestId()).isEqualTo("req_1");
  }

  private static DecisionRequest request(Map<String, IdentityState> agents, GoldenFile.Case one) {
    String id = one.token() == null ? one.identity() : one.token().agent();
    boolean foreign = one.token() != null && one.token().org() != null;
    IdentityState self = agents.get(id);
    List<Agent> chain =
        self == null || foreign || one.refused() != null
            ? List.of()
            : self.sponsorChain().stream().skip(1).map(agents::get).map(Agent::new).toList();
    return new DecisionRequest(
        Samples.ORG,
        subject(agents, one, self),
        chain,
        Scope.parse(one.scope()),
        RequestContext.read(
            one.context(),
            (pointer, detail) -> {
              throw new IllegalArgumentException(pointer + " " + detail);
            }),
        false,
        one.approval());
  }

  private static List<String> chain(Map<String, IdentityState> agents, String actor) {
    IdentityState known = agents.get(actor);
    return known == null ? List.of("user_jane", actor) : known.sponsorChain();
  }

  private static AccessSubject subject(
      Map<String, IdentityState> agents, GoldenFile.Case one, IdentityState self) {
    if (one.refused() != null) {
      return new AccessSubject.RefusedToken(
          new Verification.Invalid(Verification.Reason.valueOf(one.refused()), "refused"));
    }
    GoldenFile.TokenSpec token = one.token();
    return token == null
        ? new AccessSubject.Named(one.identity())
        : new AccessSubject.Bearer(
            issuedBy(
                token.issuer(),
                Samples.token(
                    self,
                    Objects.requireNonNullElse(token.org(), Samples.ORG),
                    token.scopes(),
                    Objects.requireNonNullElse(token.age(), 60L),
                    token.jkt(),
                    token.actor() == null
                        ? null
                        : new Actor(token.actor(), chain(agents, token.actor()), null))),
            agents.containsKey(token.actor())
                ? AccessSubject.places(
                    chain(agents, token.actor()).stream()
                        .skip(1)
                        .map(agents::get)
                        .map(Agent::new)
                        .toList())
                : List.of());
  }

  private static Verification.Valid issuedBy(String issuer, Verification.Valid token) {
    return issuer == null
        ? token
        : new Verification.Valid(
            token.claims().toBuilder().lineage(List.of("tok_0", "sess_0", issuer)).build(),
            token.scopes(),
            token.kid(),
            token.type(),
            token.payload());
  }

  private static Snapshot snapshot(GoldenFile golden, GoldenFile.Case one) {
    Map<String, RoleGrant> roles = new HashMap<>();
    orEmpty(golden.roles())
        .forEach((id, held) -> roles.put(id, new RoleGrant(id, ScopeSet.of(held), null)));
    RevocationSet revocations = new RevocationSet();
    for (GoldenFile.RevocationSpec spec : orEmpty(golden.revocations())) {
      revocations.apply(
          new RevocationEntry(
              Samples.ORG,
              RevocationKind.ofWireName(spec.kind()).orElseThrow(),
              spec.id(),
              spec.seq(),
              spec.closed(),
              Samples.NOW.plusSeconds(3600)));
    }
    Reason stale =
        one.stale() == null
            ? null
            : Reason.valueOf((one.stale() + "_feed_stale").toUpperCase(Locale.ROOT));
    return new Snapshot(new Authority(roles, DecisionIndex.of(rules(golden))), revocations, stale);
  }

  private static List<Rule> rules(GoldenFile golden) {
    return orEmpty(golden.policies()).stream()
        .map(
            spec ->
                Samples.policy(
                    spec.id(),
                    spec.effect(),
                    spec.scopes(),
                    orEmpty(spec.conditions()),
                    orEmpty(spec.obligations()),
                    Objects.requireNonNullElse(spec.priority(), 0),
                    spec.workspace(),
                    spec.identity()))
        .map(Rule::of)
        .toList();
  }

  private static Map<String, IdentityState> agents(GoldenFile golden) {
    Map<String, IdentityState> agents = new HashMap<>();
    for (GoldenFile.AgentSpec spec : golden.agents()) {
      List<String> above =
          spec.parent() == null ? List.of("user_jane") : agents.get(spec.parent()).sponsorChain();
      agents.put(
          spec.id(),
          Samples.agent(
              spec.id(),
              above,
              orEmpty(spec.scopes()),
              orEmpty(spec.roles()),
              Objects.requireNonNullElse(spec.status(), "active"),
              spec.scopes() == null && spec.roles() == null,
              Objects.requireNonNullElse(spec.workspace(), "ws_prod"),
              spec.expiresAt()));
    }
    return agents;
  }

  private static Map<String, String> matched(Matched matched) {
    Map<String, String> members = new LinkedHashMap<>();
    put(members, "grant", matched.grant());
    put(members, "via", matched.via() == null ? null : matched.via().wireName());
    put(members, "role", matched.role());
    put(members, "policy", matched.policy());
    put(members, "layer", matched.layer() == null ? null : matched.layer().wireName());
    return members;
  }

  private static void put(Map<String, String> members, String name, String value) {
    if (value != null) {
      members.put(name, value);
    }
  }

  private static <K, V> Map<K, V> orEmpty(Map<K, V> map) {
    return map == null ? Map.of() : map;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? new ArrayList<>() : list;
  }

  private static Stream<Path> files() {
    try (Stream<Path> found = Files.list(DIRECTORY)) {
      return found.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenFile read(Path file) {
    try {
      return YAML.readValue(file.toFile(), GoldenFile.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
