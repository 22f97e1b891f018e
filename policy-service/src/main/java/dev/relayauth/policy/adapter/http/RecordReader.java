package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.policy.domain.replay.RecordedDecision;
import dev.relayauth.policy.domain.replay.RecordedDecision.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads decisions out of audit records. */
final class RecordReader {
  private RecordReader() {}

  /** All decisions that a record carries. */
  static List<RecordedDecision> all(AuditRecord found) {
    Map<String, String> metadata = found.metadata();
    String inputs = metadata.get("inputs");
    if (!metadata.containsKey("items")) {
      return metadata.containsKey("decisionId") ? List.of(alone(found)) : List.of();
    }
    List<RecordedDecision> decisions = new ArrayList<>();
    String first = "dec_" + found.id().substring(found.id().indexOf('_') + 1);
    int count = inputs == null ? 0 : BatchInputs.count(inputs);
    for (int place = 0; place < count; place++) {
      item(found, DecisionIds.ofItem(first, place), place).ifPresent(decisions::add);
    }
    return decisions;
  }

  /** The decision that a record carries at a place. */
  static Optional<RecordedDecision> one(AuditRecord found, String decisionId, int place) {
    return place == DecisionIds.ALONE
        ? Optional.of(alone(found)).filter(decision -> decision.decisionId().equals(decisionId))
        : item(found, decisionId, place);
  }

  private static RecordedDecision alone(AuditRecord found) {
    Map<String, String> metadata = found.metadata();
    String reason = metadata.getOrDefault("reason", "");
    String inputs = metadata.get("inputs");
    return new RecordedDecision(
        found.orgId(),
        metadata.getOrDefault("decisionId", ""),
        found.timestamp(),
        found.identityId(),
        metadata.getOrDefault("scope", "*"),
        new Outcome(
            found.result() == AuditRecord.Result.allowed,
            reason,
            metadata.get("grant"),
            metadata.get("role"),
            metadata.get("policy")),
        revision(metadata),
        inputs == null ? null : InputsJson.read(found.orgId(), inputs));
  }

  private static Optional<RecordedDecision> item(AuditRecord found, String decisionId, int place) {
    return Optional.ofNullable(found.metadata().get("inputs"))
        .flatMap(inputs -> BatchInputs.read(found.orgId(), inputs, place))
        .map(
            item ->
                new RecordedDecision(
                    found.orgId(),
                    decisionId,
                    found.timestamp(),
                    item.identityId(),
                    item.scope(),
                    item.outcome(),
                    revision(found.metadata()),
                    item.inputs()));
  }

  private static long revision(Map<String, String> metadata) {
    return Long.parseLong(metadata.getOrDefault("policyRevision", "0"));
  }
}
