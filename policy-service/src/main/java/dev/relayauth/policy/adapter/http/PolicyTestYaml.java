package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * A policy test as its author writes it: agents that exist only in it, and cases about them or
 * about identities of the organisation.
 */
@RegisterForReflection(
    targets = {
      PolicyTestYaml.class,
      PolicyTestYaml.AgentSpec.class,
      PolicyTestYaml.CaseSpec.class,
      PolicyTestYaml.TokenSpec.class,
      PolicyTestYaml.ExpectSpec.class
    })
record PolicyTestYaml(@Nullable List<AgentSpec> agents, @Nullable List<CaseSpec> cases) {
  static final int MAX_LENGTH = 64 * 1024;
  static final int MAX_CASES = 200;
  private static final int MAX_AGENTS = 50;
  private static final ObjectMapper YAML =
      YAMLMapper.builder(YAMLFactory.builder().loaderOptions(bounded()).build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /**
   * An agent of the test.
   *
   * @param parent another, named before it
   * @param scopes null, with no roles, is an agent whose token carries what its issuer names
   */
  record AgentSpec(
      @Nullable String id,
      @Nullable String parent,
      @Nullable List<String> scopes,
      @Nullable List<String> roles,
      @JsonAlias("workspaceId") @Nullable String workspace) {}

  /** One question. */
  record CaseSpec(
      @Nullable String name,
      @JsonAlias("identityId") @Nullable String identity,
      @Nullable TokenSpec token,
      @Nullable String scope,
      @Nullable Map<String, @Nullable Object> context,
      @Nullable ExpectSpec expect) {}

  /**
   * The token that the agent presents.
   *
   * @param age in seconds
   */
  record TokenSpec(@Nullable List<String> scopes, @Nullable Long age) {}

  /** What must come out. */
  record ExpectSpec(@Nullable String decision, @Nullable String reason, @Nullable String policy) {}

  /**
   * Reads a test.
   *
   * @throws RefusedException naming what is wrong with it
   */
  static PolicyTestYaml parse(String text) {
    try {
      PolicyTestYaml read = YAML.readValue(text, PolicyTestYaml.class);
      if (read == null) {
        throw refusal("the test is empty");
      }
      read.check();
      return read;
    } catch (JsonProcessingException e) {
      String at = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw refusal("it can't be read as a policy test" + at);
    }
  }

  private static RefusedException refusal(String detail) {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        "/yaml " + detail,
        Map.of("errors", List.of(Map.of("pointer", "/yaml", "detail", detail))));
  }

  private void check() {
    Violations violations = new Violations();
    violations
        .list(agents, "/yaml/agents", MAX_AGENTS)
        .list(cases, "/yaml/cases", MAX_CASES)
        .check(cases != null && !cases.isEmpty(), "/yaml/cases", "needs one case at least")
        .throwIfAny();
    for (int i = 0; cases != null && i < cases.size(); i++) {
      check(cases.get(i), "/yaml/cases/" + i, violations);
    }
    for (int i = 0; agents != null && i < agents.size(); i++) {
      AgentSpec agent = agents.get(i);
      violations
          .text(agent.id(), "/yaml/agents/" + i + "/id")
          .list(agent.scopes(), "/yaml/agents/" + i + "/scopes", MAX_CASES)
          .list(agent.roles(), "/yaml/agents/" + i + "/roles", MAX_CASES);
    }
    violations.throwIfAny();
  }

  private static void check(CaseSpec one, String pointer, Violations violations) {
    ExpectSpec expect = one.expect();
    String decision = expect == null ? null : expect.decision();
    violations
        .text(one.name(), pointer + "/name")
        .text(one.identity(), pointer + "/identity")
        .check(isScope(one.scope()), pointer + "/scope", "is no scope")
        .check(
            "allow".equals(decision) || "deny".equals(decision),
            pointer + "/expect/decision",
            "is allow or deny");
    if (one.token() != null) {
      violations.list(one.token().scopes(), pointer + "/token/scopes", MAX_CASES);
    }
  }

  private static boolean isScope(@Nullable String text) {
    try {
      return text != null && !Scope.parse(text).raw().isEmpty();
    } catch (InvalidScopeException e) {
      return false;
    }
  }

  /** No anchors that blow up, no deep nesting, no more than we take. */
  private static LoaderOptions bounded() {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(20);
    options.setCodePointLimit(MAX_LENGTH);
    options.setAllowDuplicateKeys(false);
    return options;
  }
}
