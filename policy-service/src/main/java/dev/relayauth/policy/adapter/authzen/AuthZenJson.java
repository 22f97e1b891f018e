package dev.relayauth.policy.adapter.authzen;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.relayauth.common.json.Json;
import dev.relayauth.policy.adapter.http.Answer;
import dev.relayauth.policy.adapter.http.AnswerJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes AuthZEN's answers: what we say beside the decision is in its context. */
final class AuthZenJson {
  private AuthZenJson() {}

  static byte[] one(Answer answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
      write(json, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] many(List<Answer> answers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("evaluations");
      for (Answer answer : answers) {
        write(json, answer);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Answer answer) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("decision", answer.decision().isAllowed());
    json.writeObjectFieldStart("context");
    AnswerJson.members(json, answer);
    json.writeEndObject();
    json.writeEndObject();
  }
}
