package dev.relayauth.policy.adapter.authzen;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A question as a peer sends it (Authorization API 1.0 §6.1). */
record EvaluationBody(
    @Nullable Entity subject,
    @Nullable Entity resource,
    @Nullable ActionBody action,
    @Nullable Map<String, @Nullable Object> context) {
  /** The same, with the defaults for what it lacks (§7.1.1). */
  EvaluationBody orElse(EvaluationBody defaults) {
    return new EvaluationBody(
        subject == null ? defaults.subject : subject,
        resource == null ? defaults.resource : resource,
        action == null ? defaults.action : action,
        context == null ? defaults.context : context);
  }
}
