package dev.relayauth.policy.adapter.postgres;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.domain.approval.Approval;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what becomes of an approval on record, in the transaction that makes it so. */
@Singleton
public final class ApprovalAudit {
  private final AuditRecords records;

  ApprovalAudit(AuditRecords records) {
    this.records = records;
  }

  /** A record of something that no caller of the approval routes did. */
  void append(
      Transaction tx,
      Approval approval,
      String pastTense,
      List<String> sponsorChain,
      @Nullable String trace) {
    AuditDraft draft =
        records
            .draft("approval." + pastTense, approval.orgId())
            .with("actorId", approval.identityId());
    records.append(tx, describe(draft, approval, sponsorChain).build(), trace);
  }

  /** Fills in what is known of the approval. */
  public static AuditDraft describe(
      AuditDraft draft, Approval approval, List<String> sponsorChain) {
    return draft
        .subject(approval.identityId(), sponsorChain)
        .workspace(approval.workspaceId())
        .scope(Scope.parse(approval.scope()))
        .result(
            switch (approval.status()) {
              case pending, approved, used -> Result.allowed;
              case rejected, expired -> Result.denied;
            })
        .with("approvalId", approval.id())
        .with("requestHash", approval.requestHash())
        .with("policy", approval.policyId())
        .with("decidedBy", approval.decidedBy())
        .with("credentialId", approval.credentialId())
        .with("decisionId", approval.decisionId());
  }
}
