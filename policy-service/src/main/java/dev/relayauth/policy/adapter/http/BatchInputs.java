package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.json.Json;
import dev.relayauth.policy.domain.decision.AccessSubject;
import dev.relayauth.policy.domain.decision.DecisionRecord;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.replay.RecordedDecision.Outcome;
import dev.relayauth.policy.domain.replay.RecordedInputs;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the decisions of a batch looked at, as text within its one audit record: each subject once,
 * then each question with the number of its subject. What doesn't fit is left out, from the end.
 */
final class BatchInputs {
  private static final int MAX_LENGTH = 160 * 1024;

  private BatchInputs() {}

  static String write(List<Answer> answers) {
    Map<List<Object>, Integer> numbers = new HashMap<>();
    List<RecordedInputs> subjects = new ArrayList<>();
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("items");
      for (Answer answer : answers) {
        RecordedInputs inputs = RecordedInputs.of(answer.request(), answer.decision());
        Integer number = numbers.get(key(answer.request(), inputs));
        if (number == null) {
          number = subjects.size();
          numbers.put(key(answer.request(), inputs), number);
          subjects.add(inputs);
        }
        item(json, answer, inputs, number);
        if (text.getBuffer().length() > MAX_LENGTH) {
          break;
        }
      }
      json.writeEndArray();
      subjects(json, subjects);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Two with the same key have the same inputs, their contexts apart. */
  private static List<Object> key(DecisionRequest request, RecordedInputs inputs) {
    String presented =
        switch (request.subject()) {
          case AccessSubject.Bearer bearer -> "t" + bearer.token().claims().jti();
          case AccessSubject.Named named -> "i" + named.identityId();
          case AccessSubject.RefusedToken refused -> "r" + refused.refusal().reason();
          case AccessSubject.Unread ignored -> "u";
        };
    return List.of(
        presented,
        request.chain(),
        inputs.revoked(),
        inputs.approvalId() == null ? "" : inputs.approvalId());
  }

  private static void item(JsonGenerator json, Answer answer, RecordedInputs inputs, int subject)
      throws IOException {
    Outcome outcome = Outcome.of(answer.decision());
    json.writeStartObject();
    json.writeNumberField("s", subject);
    json.writeStringField("scope", answer.request().scope().raw());
    json.writeStringField("reason", outcome.reason());
    text(json, "grant", outcome.grant());
    text(json, "role", outcome.role());
    text(json, "policy", outcome.policy());
    text(json, "identity", DecisionRecord.identityId(answer.request()));
    InputsJson.context(json, inputs.context());
    json.writeEndObject();
  }

  private static void subjects(JsonGenerator json, List<RecordedInputs> subjects)
      throws IOException {
    json.writeArrayFieldStart("subjects");
    for (RecordedInputs subject : subjects) {
      json.writeStartObject();
      InputsJson.subject(json, subject);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /** One question of a batch. */
  record Item(@Nullable String identityId, String scope, Outcome outcome, RecordedInputs inputs) {}

  /** The question at a place; empty when it was left out. */
  static Optional<Item> read(String org, String text, int place) {
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      JsonNode item = node.path("items").path(place);
      JsonNode subject = node.path("subjects").path(item.path("s").asInt(-1));
      return item.isMissingNode() || subject.isMissingNode()
          ? Optional.empty()
          : Optional.of(item(org, item, subject));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many questions were kept. */
  static int count(String text) {
    try {
      return Json.MAPPER.readTree(text).path("items").size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Item item(String org, JsonNode item, JsonNode subject) throws IOException {
    String reason = item.path("reason").asText();
    return new Item(
        item.hasNonNull("identity") ? item.get("identity").asText() : null,
        item.path("scope").asText(),
        new Outcome(
            reason.equals("granted"),
            reason,
            item.hasNonNull("grant") ? item.get("grant").asText() : null,
            item.hasNonNull("role") ? item.get("role").asText() : null,
            item.hasNonNull("policy") ? item.get("policy").asText() : null),
        InputsJson.read(org, subject, item.path("context")));
  }
}
