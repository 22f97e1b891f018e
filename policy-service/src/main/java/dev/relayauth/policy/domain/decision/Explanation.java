package dev.relayauth.policy.domain.decision;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a decision came about.
 *
 * @param summary one sentence for people
 * @param grant what the identity holds that covers the request, whatever else was decided
 * @param policies every policy about the request, in the order in which they are asked
 * @param boundary the ancestor beyond which the request goes
 * @param nearestMiss the scope that comes closest, when none covers the request
 */
public record Explanation(
    String summary,
    @Nullable Matched grant,
    List<PolicyStep> policies,
    @Nullable String boundary,
    @Nullable NearestMiss nearestMiss) {
  /** Copies the policies. */
  public Explanation {
    policies = List.copyOf(policies);
  }

  /** The same with another summary. */
  Explanation summedUp(String other) {
    return new Explanation(other, grant, policies, boundary, nearestMiss);
  }

  /** A policy that was asked, and what it said. */
  public record PolicyStep(
      String policy,
      String name,
      String layer,
      String effect,
      int priority,
      boolean matched,
      List<ConditionStep> conditions) {}

  /**
   * A condition and what became of it.
   *
   * @param condition as its author wrote it
   * @param result {@code met}, {@code unmet} or {@code unknown}
   */
  public record ConditionStep(Map<String, Object> condition, String result) {}

  /**
   * A scope that almost covers the request.
   *
   * @param source {@code direct}, {@code token} or the id of a role
   * @param segment the first segment that fails: {@code plane}, {@code resource}, {@code action} or
   *     {@code path}
   */
  public record NearestMiss(String scope, String source, String segment) {}
}
