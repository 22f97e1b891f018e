package dev.relayauth.common.audit;

import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.scope.Scope;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An audit record being filled in. Values are cut to a bounded length; nulls are left out. */
public final class AuditDraft {
  private static final int MAX_VALUE = 1024;

  private final String id;
  private final String action;
  private final String orgId;
  private final Instant timestamp;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private Result result = Result.allowed;
  private List<String> sponsorChain = List.of();
  private @Nullable String identityId;
  private @Nullable String workspaceId;
  private @Nullable String plane;
  private @Nullable String resource;
  private @Nullable String sponsorId;
  private @Nullable String ip;
  private @Nullable String userAgent;
  private @Nullable String requestId;
  private @Nullable String traceId;
  private @Nullable String tokenId;

  AuditDraft(String id, String action, String orgId, Instant timestamp) {
    this.id = id;
    this.action = action;
    this.orgId = orgId;
    this.timestamp = timestamp;
  }

  /** Where the request came from. */
  public AuditDraft origin(
      @Nullable String fromIp,
      @Nullable String agent,
      @Nullable String request,
      @Nullable String trace) {
    this.ip = fromIp;
    this.userAgent = agent;
    this.requestId = request;
    this.traceId = trace;
    return this;
  }

  /** The agent acted on, on whose behalf. The first of the chain is the human. */
  public AuditDraft subject(@Nullable String identity, List<String> chain) {
    this.identityId = identity;
    this.sponsorChain = chain;
    this.sponsorId = chain.isEmpty() ? null : chain.getFirst();
    return this;
  }

  /** The human to answer, where there is no chain. */
  public AuditDraft sponsor(@Nullable String id) {
    this.sponsorId = id;
    return this;
  }

  /** The workspace it happened in. */
  public AuditDraft workspace(@Nullable String id) {
    this.workspaceId = id;
    return this;
  }

  /** The scope it was about: its plane, its resource, and the whole of it in the metadata. */
  public AuditDraft scope(Scope scope) {
    this.plane = scope.plane();
    this.resource = scope.resource();
    return with("scope", scope.raw());
  }

  /** The token it was about. */
  public AuditDraft token(@Nullable String jti) {
    this.tokenId = jti;
    return this;
  }

  /** How it ended; allowed unless said otherwise. */
  public AuditDraft result(Result outcome) {
    this.result = outcome;
    return this;
  }

  /** Whether it tells of something that was not done. */
  public boolean tellsOfRefusal() {
    return result != Result.allowed;
  }

  /** A further detail. Never a secret. */
  public AuditDraft with(String name, @Nullable String value) {
    if (value != null) {
      metadata.put(name, value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE));
    }
    return this;
  }

  /** The record. */
  public AuditRecord build() {
    return new AuditRecord(
        id,
        action,
        identityId,
        orgId,
        workspaceId,
        plane,
        resource,
        result,
        sponsorId,
        sponsorChain,
        metadata,
        ip,
        userAgent,
        requestId,
        traceId,
        tokenId,
        timestamp);
  }
}
