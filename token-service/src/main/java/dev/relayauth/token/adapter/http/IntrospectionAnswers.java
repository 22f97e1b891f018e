package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Verification;
import dev.relayauth.token.domain.introspection.ActiveToken;
import dev.relayauth.token.domain.introspection.Introspection;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is answered to those who ask about a token of their organisation, as JSON. Memory only. */
@Singleton
final class IntrospectionAnswers {
  private final Introspection introspection;

  IntrospectionAnswers(Introspection introspection) {
    this.introspection = introspection;
  }

  /** The body of a validation. */
  record ValidateBody(
      @Nullable String token, @JsonAlias("required_scopes") @Nullable List<String> requiredScopes) {
    @Override
    public String toString() {
      return "ValidateBody[redacted]";
    }
  }

  /** The claims, or {@code null}. */
  String claims(@Nullable String token, String org) {
    return find(token, org).map(Verification.Valid::payload).orElse("null");
  }

  /** RFC 7662 §2.2, for a form. */
  String active(@Nullable String form, String org) {
    List<String> sent = FormBody.read(form).getOrDefault("token", List.of());
    return find(sent.isEmpty() ? null : sent.getFirst(), org)
        .map(ActiveToken::json)
        .orElse("{\"active\":false}");
  }

  /** Whether a token is good, and for these scopes. */
  String validated(@Nullable ValidateBody sent, String org) {
    ValidateBody body = Answers.required(sent);
    new Violations().list(body.requiredScopes(), "/requiredScopes", ScopeSet.MAX_SIZE).throwIfAny();
    ScopeSet required =
        body.requiredScopes() == null ? ScopeSet.empty() : ScopeSet.of(body.requiredScopes());
    return find(body.token(), org)
        .map(valid -> validated(valid, required))
        .orElse("{\"valid\":false,\"claims\":null}");
  }

  private static String validated(Verification.Valid token, ScopeSet required) {
    List<String> missing =
        required.stream().filter(scope -> !token.scopes().covers(scope)).map(Scope::raw).toList();
    return missing.isEmpty()
        ? "{\"valid\":true,\"claims\":" + token.payload() + "}"
        : "{\"valid\":false,\"claims\":" + token.payload() + "," + missingScopes(missing);
  }

  private static String missingScopes(List<String> missing) {
    return new String(Json.write(Map.of("missingScopes", missing)), StandardCharsets.UTF_8)
        .substring(1);
  }

  private Optional<Verification.Valid> find(@Nullable String token, String org) {
    if (token == null || token.isBlank()) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "token is required");
    }
    return introspection.active(token, org);
  }
}
