package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.json.Json;
import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.Explanation;
import dev.relayauth.policy.domain.decision.Matched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes answers, member by member: they are the hottest JSON we have. */
public final class AnswerJson {
  private static final int TYPICAL_BYTES = 512;

  private AnswerJson() {}

  /** Writes into a generator. */
  @FunctionalInterface
  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** One answer as JSON. */
  public static byte[] one(Answer answer) {
    return bytes(json -> write(json, answer));
  }

  static byte[] many(List<Answer> answers) {
    return bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("results");
          for (Answer answer : answers) {
            write(json, answer);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** An explanation apart from its answer. */
  static JsonNode tree(Explanation explanation) {
    byte[] object =
        bytes(
            json -> {
              json.writeStartObject();
              write(json, explanation);
              json.writeEndObject();
            });
    return Json.read(object, JsonNode.class).path("explanation");
  }

  private static byte[] bytes(Writing writing) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(TYPICAL_BYTES);
        JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
      writing.to(json);
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(JsonGenerator json, Answer answer) throws IOException {
    Decision decision = answer.decision();
    json.writeStartObject();
    json.writeBooleanField("allowed", decision.isAllowed());
    json.writeStringField("decision", decision.isAllowed() ? "allow" : "deny");
    members(json, answer);
    json.writeEndObject();
  }

  /** Writes all of an answer but whether it allows. */
  public static void members(JsonGenerator json, Answer answer) throws IOException {
    Decision decision = answer.decision();
    json.writeStringField("reason", decision.reason().slug());
    json.writeStringField("decisionId", answer.decisionId());
    write(json, "matched", decision.matched());
    obligations(json, decision);
    approval(json, answer.approval());
    SpendingJson.write(json, answer.spending());
    json.writeStringField("revision", answer.revision());
    Explanation explanation = decision.explanation().orElse(null);
    if (explanation != null) {
      write(json, explanation);
    }
  }

  private static void write(JsonGenerator json, String name, Matched matched) throws IOException {
    json.writeObjectFieldStart(name);
    text(json, "grant", matched.grant());
    text(json, "via", matched.via() == null ? null : matched.via().wireName());
    text(json, "role", matched.role());
    text(json, "policy", matched.policy());
    text(json, "layer", matched.layer() == null ? null : matched.layer().wireName());
    json.writeEndObject();
  }

  private static void obligations(JsonGenerator json, Decision decision) throws IOException {
    json.writeArrayFieldStart("obligations");
    if (decision instanceof Decision.Permit permit) {
      for (Map<String, String> obligation : permit.obligations()) {
        json.writeStartObject();
        for (Map.Entry<String, String> member : obligation.entrySet()) {
          json.writeStringField(member.getKey(), member.getValue());
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void approval(JsonGenerator json, @Nullable Approval approval) throws IOException {
    if (approval != null) {
      json.writeObjectFieldStart("approval");
      json.writeStringField("id", approval.id());
      json.writeStringField("status", approval.status().name());
      json.writeStringField("expiresAt", approval.expiresAt().toString());
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, Explanation explanation) throws IOException {
    json.writeObjectFieldStart("explanation");
    json.writeStringField("summary", explanation.summary());
    if (explanation.grant() != null) {
      write(json, "grant", explanation.grant());
    }
    json.writeArrayFieldStart("policies");
    for (Explanation.PolicyStep step : explanation.policies()) {
      write(json, step);
    }
    json.writeEndArray();
    text(json, "boundary", explanation.boundary());
    Explanation.NearestMiss miss = explanation.nearestMiss();
    if (miss != null) {
      json.writeObjectFieldStart("nearestMiss");
      json.writeStringField("scope", miss.scope());
      json.writeStringField("source", miss.source());
      json.writeStringField("segment", miss.segment());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Explanation.PolicyStep step) throws IOException {
    json.writeStartObject();
    json.writeStringField("policy", step.policy());
    json.writeStringField("name", step.name());
    json.writeStringField("layer", step.layer());
    json.writeStringField("effect", step.effect());
    json.writeNumberField("priority", step.priority());
    json.writeBooleanField("matched", step.matched());
    json.writeArrayFieldStart("conditions");
    for (Explanation.ConditionStep condition : step.conditions()) {
      json.writeStartObject();
      json.writePOJOField("condition", condition.condition());
      json.writeStringField("result", condition.result());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
