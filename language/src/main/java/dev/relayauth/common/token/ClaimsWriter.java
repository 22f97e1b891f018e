package dev.relayauth.common.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a payload; absent claims are left out. */
final class ClaimsWriter {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int TYPICAL_LENGTH = 1024;

  private final JsonGenerator json;

  private ClaimsWriter(JsonGenerator json) {
    this.json = json;
  }

  static String write(Claims claims) {
    StringWriter out = new StringWriter(TYPICAL_LENGTH);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      ClaimsWriter writer = new ClaimsWriter(json);
      writer.registered(claims);
      writer.own(claims);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer failed", e);
    }
    return out.toString();
  }

  private void registered(Claims claims) throws IOException {
    text("iss", claims.iss());
    text("sub", claims.sub());
    texts("aud", claims.aud());
    json.writeNumberField("exp", claims.exp());
    json.writeNumberField("iat", claims.iat());
    json.writeNumberField("nbf", claims.nbf());
    text("jti", claims.jti());
    text("client_id", claims.clientId());
    text("scope", claims.scope());
    texts("scopes", claims.scopes());
    text("token_type", claims.tokenType());
    actor(claims.act());
    mayAct(claims.mayAct());
    status(claims.status());
    if (claims.jkt() != null) {
      json.writeObjectFieldStart("cnf");
      text("jkt", claims.jkt());
      json.writeEndObject();
    }
  }

  private void status(@Nullable StatusReference status) throws IOException {
    if (status == null) {
      return;
    }
    json.writeObjectFieldStart("status");
    json.writeObjectFieldStart("status_list");
    json.writeNumberField("idx", status.idx());
    text("uri", status.uri());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void own(Claims claims) throws IOException {
    text("org", claims.org());
    text("wks", claims.wks());
    text("sid", claims.sid());
    text("sponsorId", claims.sponsorId());
    texts("sponsorChain", claims.sponsorChain());
    text("parentTokenId", claims.parentTokenId());
    text("tokenClass", claims.tokenClass());
    if (!claims.lineage().isEmpty()) {
      texts("lineage", claims.lineage());
    }
    json.writeNumberField("rev", claims.rev());
    budget(claims.budget());
    meta(claims.meta());
  }

  private void actor(@Nullable Actor actor) throws IOException {
    if (actor == null) {
      return;
    }
    json.writeObjectFieldStart("act");
    text("sub", actor.sub());
    if (!actor.sponsorChain().isEmpty()) {
      texts("sponsorChain", actor.sponsorChain());
    }
    actor(actor.act());
    json.writeEndObject();
  }

  /** RFC 8693 §4.4; a list where several may. */
  private void mayAct(List<String> subjects) throws IOException {
    if (subjects.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("may_act");
    if (subjects.size() == 1) {
      text("sub", subjects.get(0));
    } else {
      texts("sub", subjects);
    }
    json.writeEndObject();
  }

  private void budget(@Nullable TokenBudget budget) throws IOException {
    if (budget == null) {
      return;
    }
    json.writeObjectFieldStart("budget");
    if (budget.maxActionsPerHour() != null) {
      json.writeNumberField("maxActionsPerHour", budget.maxActionsPerHour());
    }
    if (budget.maxCostPerDay() != null) {
      json.writeNumberField("maxCostPerDay", budget.maxCostPerDay());
    }
    if (budget.remaining() != null) {
      json.writeNumberField("remaining", budget.remaining());
    }
    json.writeEndObject();
  }

  private void meta(Map<String, String> meta) throws IOException {
    if (meta.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("meta");
    for (Map.Entry<String, String> entry : meta.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private void text(String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private void texts(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
