package dev.relayauth.policy.adapter.internal;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.internal.ServiceTokens;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has which role: the identity service keeps it, and is the only one to write it. Blocking; has
 * a client of its own because it deletes, and because it reads the revision of each answer.
 */
@Singleton
public final class RoleAssignments {
  private final ServiceTokens tokens;
  private final RelayAuthConfig config;
  private final HttpClient http;

  RoleAssignments(ServiceTokens tokens, RelayAuthConfig config) {
    this.tokens = tokens;
    this.config = config;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.internal().timeout())
            .build();
  }

  /** What became of a change. */
  public sealed interface Outcome {
    /**
     * The change is made.
     *
     * @param identity as it is now
     * @param revision the write, as clients send it back
     */
    record Changed(IdentityState identity, @Nullable String revision) implements Outcome {}

    /** The identity is not there, or does not have the role that is to be taken away. */
    record Missing() implements Outcome {}

    /** The identity has the role already, or can't be given one. */
    record Conflicting() implements Outcome {}

    /** The role has a scope that the identity's parent lacks. */
    record Escalating(String scope) implements Outcome {}
  }

  /**
   * A change of an identity's roles.
   *
   * @param auditRecord what the identity service puts on record in the transaction of the change
   */
  private record Assignment(
      String roleId, List<String> scopes, AuditRecord auditRecord, @Nullable String traceparent) {}

  private record Problem(@Nullable String required) {}

  /** Gives a role to an identity. */
  public Outcome assign(
      String org,
      String identityId,
      RoleState role,
      AuditRecord auditRecord,
      @Nullable String trace) {
    Assignment assignment = new Assignment(role.id(), role.scopes(), auditRecord, trace);
    return send(request(path(org, identityId)).POST(body(assignment)));
  }

  /** Takes a role from an identity. */
  public Outcome remove(
      String org,
      String identityId,
      String roleId,
      AuditRecord auditRecord,
      @Nullable String trace) {
    Assignment assignment = new Assignment(roleId, List.of(), auditRecord, trace);
    return send(request(path(org, identityId) + "/" + roleId).method("DELETE", body(assignment)));
  }

  private static HttpRequest.BodyPublisher body(Assignment assignment) {
    return BodyPublishers.ofByteArray(Json.write(assignment));
  }

  private static String path(String org, String identityId) {
    return "/internal/v1/identities/" + org + "/" + identityId + "/roles";
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(config.urls().getOrDefault("identity", "") + path))
        .timeout(config.internal().timeout())
        .header("content-type", "application/json")
        .header("authorization", "Bearer " + tokens.forCallee("identity"));
  }

  private Outcome send(HttpRequest.Builder request) {
    try {
      return outcome(http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new ServiceUnavailableException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceUnavailableException(e);
    }
  }

  private static Outcome outcome(HttpResponse<byte[]> response) {
    return switch (response.statusCode()) {
      case 200, 201 ->
          new Outcome.Changed(
              Json.read(response.body(), IdentityState.class),
              response.headers().firstValue("Relay-Revision").orElse(null));
      case 403 ->
          new Outcome.Escalating(
              String.valueOf(Json.read(response.body(), Problem.class).required()));
      case 404 -> new Outcome.Missing();
      case 409 -> new Outcome.Conflicting();
      default ->
          throw new ServiceUnavailableException("identity answered " + response.statusCode());
    };
  }
}
