package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.adapter.http.AccessQuery;
import dev.relayauth.policy.domain.decision.RequestContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads AuthZEN's questions as ours. */
@Singleton
final class Questions {
  static final int MAX_TEXT = 1024;

  private final Subjects subjects;

  Questions(Subjects subjects) {
    this.subjects = subjects;
  }

  /** A question of ours and whom the peer says it is about. */
  record Question(AccessQuery query, String identityId) {}

  /**
   * Reads a question.
   *
   * @param pointer where it is within the body
   * @param bearer the caller's own token, when it has one
   */
  Question read(
      EvaluationBody body, String pointer, Caller.Tenant caller, @Nullable String bearer) {
    Violations violations = new Violations();
    Entity subject = entity(body.subject(), pointer + "/subject", true, violations);
    violations.check(!subject.isNotText("token"), pointer + "/subject/properties/token", "is text");
    Entity resource = entity(body.resource(), pointer + "/resource", true, violations);
    ScopeMapping mapping = ScopeMapping.of(resource, pointer + "/resource", violations);
    String action = action(body.action(), pointer, violations);
    Scope scope = mapping.scope(action, resource.id());
    violations.check(
        action.isEmpty() || scope != null || mapping.scope("read", null) == null,
        pointer + "/action/name",
        "is letters, digits and hyphens");
    RequestContext context = context(body, pointer, violations);
    violations.throwIfAny();
    String identityId = subjects.identityId(caller.org(), String.valueOf(subject.id()));
    String token = Subjects.token(subject, identityId, caller, bearer);
    return new Question(
        new AccessQuery(
            token,
            token == null ? identityId : null,
            java.util.Objects.requireNonNull(scope),
            context,
            false),
        identityId);
  }

  /** An entity whose type, and id where needed, is there; notes what is wrong. */
  static Entity entity(
      @Nullable Entity sent, String pointer, boolean needsId, Violations violations) {
    if (sent == null) {
      violations.check(false, pointer, "is required");
      return new Entity(null, null, null);
    }
    required(sent.type(), pointer + "/type", violations);
    if (needsId) {
      required(sent.id(), pointer + "/id", violations);
    }
    return sent;
  }

  /** The name of an action, empty when it is not there; notes what is wrong. */
  static String action(@Nullable ActionBody sent, String pointer, Violations violations) {
    if (sent == null) {
      violations.check(false, pointer + "/action", "is required");
      return "";
    }
    required(sent.name(), pointer + "/action/name", violations);
    return sent.name() == null ? "" : sent.name();
  }

  private static void required(@Nullable String text, String pointer, Violations violations) {
    violations
        .check(text != null && !text.isBlank(), pointer, "is required")
        .check(text == null || text.length() <= MAX_TEXT, pointer, "is too long");
  }

  /** What the context says, and what the properties of action and resource say under a prefix. */
  static RequestContext context(EvaluationBody body, String pointer, Violations violations) {
    Map<String, @Nullable Object> attributes = new HashMap<>();
    if (body.action() != null) {
      prefixed("action.", body.action().properties(), attributes);
    }
    if (body.resource() != null) {
      prefixed("resource.", body.resource().properties(), attributes);
    }
    if (body.context() != null) {
      attributes.putAll(body.context());
    }
    return RequestContext.read(
        attributes,
        (member, detail) -> violations.check(false, pointer + "/context" + member, detail));
  }

  private static void prefixed(
      String prefix,
      @Nullable Map<String, @Nullable Object> properties,
      Map<String, @Nullable Object> attributes) {
    if (properties != null) {
      properties.forEach((name, value) -> attributes.put(prefix + name, value));
    }
  }
}
