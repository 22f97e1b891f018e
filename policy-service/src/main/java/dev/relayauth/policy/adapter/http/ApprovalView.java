package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.Cursor;
import dev.relayauth.policy.domain.approval.Approval;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An approval as clients see it. */
record ApprovalView(
    String id,
    String orgId,
    String identityId,
    @Nullable String workspaceId,
    String scope,
    Map<String, Object> context,
    String requestHash,
    @Nullable String policyId,
    String status,
    Instant createdAt,
    Instant expiresAt,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Nullable String reason,
    @Nullable Instant usedAt,
    @Nullable String decisionId,
    @Nullable String credentialId) {

  static ApprovalView of(Approval approval, Instant now) {
    return new ApprovalView(
        approval.id(),
        approval.orgId(),
        approval.identityId(),
        approval.workspaceId(),
        approval.scope(),
        approval.context(),
        approval.requestHash(),
        approval.policyId(),
        approval.statusAt(now).name(),
        approval.createdAt(),
        approval.expiresAt(),
        approval.decidedBy(),
        approval.decidedAt(),
        approval.comment(),
        approval.usedAt(),
        approval.decisionId(),
        approval.credentialId());
  }

  static Cursor place(Approval approval) {
    return new Cursor(approval.createdAt(), approval.id());
  }
}
