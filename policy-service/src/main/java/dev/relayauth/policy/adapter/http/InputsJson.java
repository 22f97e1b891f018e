package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import dev.relayauth.policy.domain.replay.RecordedInputs;
import dev.relayauth.policy.domain.replay.RecordedInputs.TokenInput;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Inputs of decisions as text within audit records: short names, what is usual is left out. */
final class InputsJson {
  private static final TypeReference<Map<String, Object>> CONTEXT = new TypeReference<>() {};

  private InputsJson() {}

  static String write(RecordedInputs inputs) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(text)) {
      json.writeStartObject();
      context(json, inputs.context());
      subject(json, inputs);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  static void context(JsonGenerator json, Map<String, Object> context) throws IOException {
    if (!context.isEmpty()) {
      json.writePOJOField("context", context);
    }
  }

  /** All but the context. */
  static void subject(JsonGenerator json, RecordedInputs inputs) throws IOException {
    text(json, "refused", inputs.refused());
    text(json, "identity", inputs.identityId());
    text(json, "approval", inputs.approvalId());
    if (inputs.revoked()) {
      json.writeBooleanField("revoked", true);
    }
    TokenInput token = inputs.token();
    if (token != null) {
      write(json, token);
    }
    if (!inputs.chain().isEmpty()) {
      json.writeArrayFieldStart("chain");
      for (IdentityState state : inputs.chain()) {
        write(json, state);
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, TokenInput token) throws IOException {
    json.writeObjectFieldStart("token");
    if (!token.org().isEmpty()) {
      json.writeStringField("org", token.org());
      json.writeStringField("jti", token.jti());
      json.writeStringField("sid", token.sid());
      texts(json, "scopes", token.scopes());
      json.writeNumberField("iat", token.iat());
      json.writeNumberField("rev", token.rev());
      text(json, "jkt", token.jkt());
      texts(json, "actors", token.actors());
      texts(json, "actorPlaces", token.actorPlaces());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, IdentityState state) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", state.id());
    json.writeNumberField("rev", state.revision());
    if (state.type() != IdentityState.Type.agent) {
      json.writeStringField("type", state.type().name());
    }
    if (state.status() != IdentityState.Status.active) {
      json.writeStringField("status", state.status().name());
    }
    text(json, "ws", state.workspaceId());
    texts(json, "sponsors", state.sponsorChain());
    texts(json, "scopes", state.scopes());
    texts(json, "roles", state.roles());
    if (state.issuerScoped()) {
      json.writeBooleanField("issuer", true);
    }
    text(json, "end", state.expiresAt() == null ? null : state.expiresAt().toString());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, List<String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /** Reads what {@link #write} wrote. */
  static RecordedInputs read(String org, String text) {
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      return read(org, node, node.path("context"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RecordedInputs read(String org, JsonNode subject, JsonNode context) throws IOException {
    List<IdentityState> chain = new ArrayList<>();
    for (JsonNode state : subject.path("chain")) {
      chain.add(identity(org, state));
    }
    return new RecordedInputs(
        context.isObject() ? Json.MAPPER.readerFor(CONTEXT).readValue(context) : Map.of(),
        subject.has("token") ? token(subject.get("token")) : null,
        textOrNull(subject, "refused"),
        textOrNull(subject, "identity"),
        chain,
        subject.path("revoked").asBoolean(),
        textOrNull(subject, "approval"));
  }

  private static TokenInput token(JsonNode node) {
    return new TokenInput(
        node.path("org").asText(),
        node.path("jti").asText(),
        node.path("sid").asText(),
        texts(node, "scopes"),
        node.path("iat").asLong(),
        node.path("rev").asLong(),
        textOrNull(node, "jkt"),
        texts(node, "actors"),
        texts(node, "actorPlaces"));
  }

  private static IdentityState identity(String org, JsonNode node) {
    List<String> sponsors = texts(node, "sponsors");
    String end = textOrNull(node, "end");
    return new IdentityState(
        org,
        node.path("id").asText(),
        "",
        IdentityState.Type.valueOf(node.path("type").asText("agent")),
        IdentityState.Status.valueOf(node.path("status").asText("active")),
        textOrNull(node, "ws"),
        sponsors.size() < 2 ? "" : sponsors.get(sponsors.size() - 2),
        sponsors,
        texts(node, "scopes"),
        texts(node, "roles"),
        node.path("issuer").asBoolean(),
        Map.of(),
        null,
        end == null ? null : Instant.parse(end),
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        node.path("rev").asLong());
  }

  private static List<String> texts(JsonNode node, String name) {
    List<String> values = new ArrayList<>();
    node.path(name).forEach(value -> values.add(value.asText()));
    return values;
  }

  private static @Nullable String textOrNull(JsonNode node, String name) {
    return node.hasNonNull(name) ? node.get(name).asText() : null;
  }
}
