package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.Violations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change to try, and the decisions to try it on.
 *
 * @param limit how many decisions at most
 * @param examples how many of each kind are shown
 */
record SimulationBody(
    @Nullable Change change,
    @Nullable List<Change> changes,
    @Nullable String from,
    @Nullable String to,
    @Nullable Integer limit,
    @Nullable Integer examples) {
  static final int MAX_CHANGES = 50;
  private static final int MAX_LIMIT = 10_000;
  private static final int DEFAULT_LIMIT = 1000;
  private static final int MAX_EXAMPLES = 100;
  private static final int DEFAULT_EXAMPLES = 10;
  private static final Duration DEFAULT_PERIOD = Duration.ofDays(1);
  private static final Duration MAX_PERIOD = Duration.ofDays(31);

  /**
   * One change.
   *
   * @param action {@code create}, {@code update} or {@code delete}
   * @param id of the policy or role that is there
   */
  record Change(
      @Nullable String action,
      @Nullable String id,
      @Nullable PolicyBody policy,
      @Nullable RoleBody role) {
    String verb() {
      return action != null ? action : id == null ? "create" : "update";
    }
  }

  /** The decisions to try it on; {@code to} is not part of the period. */
  record Period(Instant from, Instant to, int limit, int examples) {}

  List<Change> all() {
    List<Change> all = changes != null ? changes : change == null ? List.of() : List.of(change);
    Violations violations = new Violations().list(all, "/changes", MAX_CHANGES);
    violations.check(!all.isEmpty(), "/changes", "needs one item at least").throwIfAny();
    for (int i = 0; i < all.size(); i++) {
      check(all.get(i), "/changes/" + i, violations);
    }
    violations.throwIfAny();
    return all;
  }

  private static void check(Change change, String pointer, Violations violations) {
    boolean bodies = (change.policy() == null) != (change.role() == null);
    switch (change.verb()) {
      case "create" -> violations.check(bodies, pointer, "has either a policy or a role");
      case "update" ->
          violations
              .check(change.id() != null, pointer + "/id", "is required")
              .check(bodies, pointer, "has either a policy or a role");
      case "delete" -> violations.check(change.id() != null, pointer + "/id", "is required");
      default -> violations.check(false, pointer + "/action", "is create, update or delete");
    }
  }

  Period period(Instant now) {
    Violations violations = new Violations();
    Instant end = instant(to, "/to", violations, now);
    Instant begin = instant(from, "/from", violations, end.minus(DEFAULT_PERIOD));
    int most = Objects.requireNonNullElse(limit, DEFAULT_LIMIT);
    int shown = Objects.requireNonNullElse(examples, DEFAULT_EXAMPLES);
    violations
        .check(begin.isBefore(end), "/from", "is before to")
        .check(!begin.isBefore(end.minus(MAX_PERIOD)), "/from", "is 31 days before to, at most")
        .check(most >= 1 && most <= MAX_LIMIT, "/limit", "is 1 to " + MAX_LIMIT)
        .check(shown >= 0 && shown <= MAX_EXAMPLES, "/examples", "is 0 to " + MAX_EXAMPLES)
        .throwIfAny();
    return new Period(begin, end, most, shown);
  }

  private static Instant instant(
      @Nullable String text, String pointer, Violations violations, Instant otherwise) {
    if (text == null) {
      return otherwise;
    }
    try {
      Instant read = OffsetDateTime.parse(text).toInstant();
      boolean known = read.isAfter(Instant.EPOCH) && read.isBefore(otherwise.plus(MAX_PERIOD));
      violations.check(known, pointer, "is out of range");
      return known ? read : otherwise;
    } catch (DateTimeException e) {
      violations.check(false, pointer, "is not an instant such as 2026-01-31T12:00:00Z");
      return otherwise;
    }
  }
}
