package dev.relayauth.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer.
 *
 * @param reason {@code granted}, or why not
 * @param obligations what the caller must do for the permit to hold
 */
public record Decision(
    boolean allowed,
    String decision,
    String reason,
    String decisionId,
    @Nullable Matched matched,
    List<JsonNode> obligations,
    @Nullable JsonNode budget,
    @Nullable JsonNode explanation,
    @Nullable String revision) {
  public Decision {
    obligations = obligations == null ? List.of() : List.copyOf(obligations);
  }

  /** What decided: a grant and how the subject has it, or a policy and its layer. */
  public record Matched(
      @Nullable String grant,
      @Nullable String via,
      @Nullable String role,
      @Nullable String policy,
      @Nullable String layer) {}
}
