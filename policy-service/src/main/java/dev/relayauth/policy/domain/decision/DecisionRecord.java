package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit record of a decision: who asked, about whom, what came of it and why. */
public final class DecisionRecord {
  /** The action of such records. */
  public static final String ACTION = "scope.checked";

  private DecisionRecord() {}

  /** Where the question came from. */
  public record Origin(
      String actorId,
      String sponsorId,
      @Nullable String ip,
      @Nullable String userAgent,
      @Nullable String requestId,
      @Nullable String traceId) {}

  /**
   * The record of one decision.
   *
   * @param decisionId {@code dec_…}; the record's id is made of it
   * @param policyRevision the highest policy sequence that the decision knew
   */
  public static AuditRecord of(
      String decisionId,
      long policyRevision,
      DecisionRequest request,
      Decision decision,
      Origin origin,
      Instant at) {
    return of(decisionId, policyRevision, request, decision, origin, at, null);
  }

  /**
   * The record of one decision, with all that it looked at.
   *
   * @param inputs what it takes to derive the decision again, as text; null when that is too much
   */
  public static AuditRecord of(
      String decisionId,
      long policyRevision,
      DecisionRequest request,
      Decision decision,
      Origin origin,
      Instant at,
      @Nullable String inputs) {
    List<String> chain = chain(request);
    return new AuditRecord(
        "aud_" + decisionId.substring(decisionId.indexOf('_') + 1),
        ACTION,
        identityId(request),
        request.org(),
        request.chain().isEmpty() ? null : request.chain().getLast().state().workspaceId(),
        request.scope().plane(),
        request.scope().resource(),
        decision.isAllowed() ? AuditRecord.Result.allowed : AuditRecord.Result.denied,
        chain.isEmpty() ? origin.sponsorId() : chain.getFirst(),
        chain,
        metadata(decisionId, policyRevision, request, decision, origin, inputs),
        origin.ip(),
        origin.userAgent(),
        origin.requestId(),
        origin.traceId(),
        tokenId(request),
        at);
  }

  private static Map<String, String> metadata(
      String decisionId,
      long policyRevision,
      DecisionRequest request,
      Decision decision,
      Origin origin,
      @Nullable String inputs) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put("scope", request.scope().raw());
    metadata.put("reason", decision.reason().slug());
    metadata.put("decisionId", decisionId);
    metadata.put("policyRevision", Long.toString(policyRevision));
    metadata.put("actorId", origin.actorId());
    put(metadata, "grant", decision.matched().grant());
    put(metadata, "role", decision.matched().role());
    put(metadata, "policy", decision.matched().policy());
    put(metadata, "sessionId", sessionId(request));
    put(metadata, "approvalId", request.approvalId());
    put(metadata, "inputs", inputs);
    if (request.subject() instanceof AccessSubject.Named) {
      metadata.put("dry", "true");
    }
    return metadata;
  }

  private static void put(Map<String, String> metadata, String name, @Nullable String value) {
    if (value != null) {
      metadata.put(name, value);
    }
  }

  /** The identity asked about; a token of another organisation says nothing about ours. */
  public static @Nullable String identityId(DecisionRequest request) {
    return switch (request.subject()) {
      case AccessSubject.Bearer bearer ->
          bearer.token().claims().org().equals(request.org())
              ? bearer.token().claims().sub()
              : null;
      case AccessSubject.RefusedToken ignored -> null;
      case AccessSubject.Unread ignored -> null;
      case AccessSubject.Named named -> named.identityId();
    };
  }

  /** First the human, last the identity; empty when nobody knows it. */
  public static List<String> chain(DecisionRequest request) {
    return request.chain().isEmpty() ? List.of() : request.chain().getLast().sponsorChain();
  }

  private static @Nullable String sessionId(DecisionRequest request) {
    return request.subject() instanceof AccessSubject.Bearer bearer
            && bearer.token().claims().org().equals(request.org())
        ? bearer.token().claims().sid()
        : null;
  }

  private static @Nullable String tokenId(DecisionRequest request) {
    return request.subject() instanceof AccessSubject.Bearer bearer
            && bearer.token().claims().org().equals(request.org())
        ? bearer.token().claims().jti()
        : null;
  }
}
