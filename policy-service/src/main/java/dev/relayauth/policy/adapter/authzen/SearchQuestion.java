package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.adapter.search.Searches;
import dev.relayauth.policy.domain.decision.RequestContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A search, read.
 *
 * @param scope what is asked about; with the action {@code read} where actions are sought, with the
 *     path {@code *} where resources are
 * @param action empty where actions are sought
 */
record SearchQuestion(
    Entity subject,
    Entity resource,
    String action,
    ScopeMapping mapping,
    Scope scope,
    RequestContext context,
    Searches.Query query) {
  /** What is sought: that part of the question is not needed, and what it says is ignored. */
  enum Wanted {
    SUBJECT,
    RESOURCE,
    ACTION
  }

  static SearchQuestion read(SearchBody body, Wanted wanted) {
    Violations violations = new Violations();
    Entity subject =
        Questions.entity(body.subject(), "/subject", wanted != Wanted.SUBJECT, violations);
    violations.check(!subject.isNotText("token"), "/subject/properties/token", "is text");
    Entity resource =
        Questions.entity(body.resource(), "/resource", wanted != Wanted.RESOURCE, violations);
    ScopeMapping mapping = ScopeMapping.of(resource, "/resource", violations);
    String action = wanted == Wanted.ACTION ? "" : Questions.action(body.action(), "", violations);
    @Nullable String id = wanted == Wanted.RESOURCE ? null : resource.id();
    Scope scope = mapping.scope(action.isEmpty() ? "read" : action, id);
    violations.check(
        scope != null || mapping.scope("read", null) == null,
        "/action/name",
        "is letters, digits and hyphens");
    RequestContext context =
        Questions.context(
            new EvaluationBody(subject, resource, body.action(), body.context()), "", violations);
    int limit = limit(body, violations);
    violations.throwIfAny();
    Scope asked = Objects.requireNonNull(scope);
    String question =
        String.join(
            " ",
            wanted.name(),
            String.valueOf(subject.type()),
            wanted == Wanted.SUBJECT ? "" : String.valueOf(subject.id()),
            action,
            asked.raw());
    return new SearchQuestion(
        subject,
        resource,
        action,
        mapping,
        asked,
        context,
        new Searches.Query(question, body.page() == null ? null : body.page().token(), limit));
  }

  private static int limit(SearchBody body, Violations violations) {
    Integer limit = body.page() == null ? null : body.page().limit();
    if (limit == null) {
      return Cursor.DEFAULT_LIMIT;
    }
    violations.check(limit >= 1, "/page/limit", "is 1 or more");
    return Math.min(limit, Cursor.MAX_LIMIT);
  }
}
