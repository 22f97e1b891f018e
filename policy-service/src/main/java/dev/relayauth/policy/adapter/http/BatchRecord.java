package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.policy.domain.decision.DecisionRecord;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The audit record of a batch. Its items are lines of decision id, identity, scope and reason;
 * denials come first, so that what doesn't fit is permits, and is counted.
 */
final class BatchRecord {
  private static final int MAX_ITEMS_LENGTH = 256 * 1024;

  private BatchRecord() {}

  /**
   * The record of them all.
   *
   * @param id of the decision that the record is named after
   * @param inputs what it takes to derive them again
   */
  static AuditRecord of(String id, List<Answer> answers, Origin origin, String inputs) {
    Answer first = answers.getFirst();
    String identityId = common(answers);
    List<String> chain = identityId == null ? List.of() : DecisionRecord.chain(first.request());
    boolean allowed = answers.stream().allMatch(answer -> answer.decision().isAllowed());
    return new AuditRecord(
        "aud_" + id.substring(id.indexOf('_') + 1),
        DecisionRecord.ACTION,
        identityId,
        first.request().org(),
        null,
        null,
        null,
        allowed ? AuditRecord.Result.allowed : AuditRecord.Result.denied,
        chain.isEmpty() ? origin.sponsorId() : chain.getFirst(),
        chain,
        metadata(answers, origin, inputs),
        origin.ip(),
        origin.userAgent(),
        origin.requestId(),
        origin.traceId(),
        null,
        first.at());
  }

  /** The identity that all of them are about, if there is one. */
  private static @Nullable String common(List<Answer> answers) {
    String first = DecisionRecord.identityId(answers.getFirst().request());
    return answers.stream()
            .allMatch(answer -> Objects.equals(DecisionRecord.identityId(answer.request()), first))
        ? first
        : null;
  }

  private static Map<String, String> metadata(List<Answer> answers, Origin origin, String inputs) {
    long denied = answers.stream().filter(answer -> !answer.decision().isAllowed()).count();
    Map<String, String> metadata = new HashMap<>();
    metadata.put("actorId", origin.actorId());
    metadata.put("inputs", inputs);
    metadata.put("policyRevision", Long.toString(answers.getFirst().policyRevision()));
    metadata.put("count", Integer.toString(answers.size()));
    metadata.put("denied", Long.toString(denied));
    StringBuilder items = new StringBuilder();
    int omitted = append(items, answers, false) + append(items, answers, true);
    metadata.put("items", items.toString());
    if (omitted > 0) {
      metadata.put("omitted", Integer.toString(omitted));
    }
    return metadata;
  }

  private static int append(StringBuilder items, List<Answer> answers, boolean allowed) {
    int omitted = 0;
    for (Answer answer : answers) {
      if (answer.decision().isAllowed() == allowed) {
        String line = line(answer);
        if (items.length() + line.length() <= MAX_ITEMS_LENGTH) {
          items.append(line);
        } else {
          omitted++;
        }
      }
    }
    return omitted;
  }

  private static String line(Answer answer) {
    String identityId = DecisionRecord.identityId(answer.request());
    return String.join(
            " ",
            answer.decisionId(),
            identityId == null ? "-" : identityId,
            answer.request().scope().raw(),
            answer.decision().reason().slug())
        + "\n";
  }
}
