package dev.relayauth.policy.adapter.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.relayauth.policy.adapter.http.Answer;
import dev.relayauth.policy.adapter.http.AnswerJson;
import dev.relayauth.policy.adapter.http.AuthorizeBody;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.v1.CheckRequest;
import dev.relayauth.policy.v1.CheckResponse;
import dev.relayauth.policy.v1.Obligation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our questions and answers as messages. */
final class Messages {
  private Messages() {}

  static AuthorizeBody question(CheckRequest sent) {
    return new AuthorizeBody(
        sent.hasToken() ? sent.getToken() : null,
        sent.hasIdentityId() ? sent.getIdentityId() : null,
        sent.getScope().isEmpty() ? null : sent.getScope(),
        sent.hasContext() ? Structs.toMap(sent.getContext()) : null,
        text(sent.getAtLeastAsFresh()),
        sent.getExplain(),
        null);
  }

  static @Nullable String text(String sent) {
    return sent.isEmpty() ? null : sent;
  }

  static CheckResponse answer(Answer answer) {
    Decision decision = answer.decision();
    CheckResponse.Builder response =
        CheckResponse.newBuilder()
            .setAllowed(decision.isAllowed())
            .setDecision(decision.isAllowed() ? "allow" : "deny")
            .setReason(decision.reason().slug())
            .setDecisionId(answer.decisionId())
            .setMatched(matched(decision.matched()))
            .setRevision(answer.revision());
    if (decision instanceof Decision.Permit permit) {
      permit.obligations().forEach(obligation -> response.addObligations(obligation(obligation)));
    }
    decision.explanation().ifPresent(how -> response.setExplanation(explanation(answer)));
    return response.build();
  }

  private static Obligation obligation(Map<String, String> members) {
    return Obligation.newBuilder()
        .setType(members.getOrDefault("type", ""))
        .putAllMembers(members)
        .build();
  }

  private static dev.relayauth.policy.v1.Matched matched(
      dev.relayauth.policy.domain.decision.Matched matched) {
    dev.relayauth.policy.v1.Matched.Builder builder = dev.relayauth.policy.v1.Matched.newBuilder();
    if (matched.grant() != null) {
      builder.setGrant(matched.grant());
    }
    if (matched.via() != null) {
      builder.setVia(matched.via().wireName());
    }
    if (matched.role() != null) {
      builder.setRole(matched.role());
    }
    if (matched.policy() != null) {
      builder.setPolicy(matched.policy());
    }
    if (matched.layer() != null) {
      builder.setLayer(matched.layer().wireName());
    }
    return builder.build();
  }

  /** As JSON has it. */
  private static Struct explanation(Answer answer) {
    Struct.Builder whole = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(new String(AnswerJson.one(answer), UTF_8), whole);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("an answer of ours that is not JSON", e);
    }
    return whole.getFieldsOrThrow("explanation").getStructValue();
  }
}
