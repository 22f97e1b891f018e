package dev.relayauth.policy.adapter.authzen;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Many questions as a peer sends them, with defaults (Authorization API 1.0 §7.1). */
record EvaluationsBody(
    @Nullable Entity subject,
    @Nullable Entity resource,
    @Nullable ActionBody action,
    @Nullable Map<String, @Nullable Object> context,
    @Nullable List<@Nullable EvaluationBody> evaluations,
    @Nullable Options options) {
  /** How they are to be answered. */
  record Options(@JsonProperty("evaluations_semantic") @Nullable String semantic) {}

  /** What stands for a member that a question lacks. */
  EvaluationBody defaults() {
    return new EvaluationBody(subject, resource, action, context);
  }
}
