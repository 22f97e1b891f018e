package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.adapter.postgres.ApprovalAudit;
import dev.relayauth.policy.adapter.postgres.ApprovalRows;
import dev.relayauth.policy.config.ApprovalConfig;
import dev.relayauth.policy.domain.approval.Approval;
import dev.relayauth.policy.domain.approval.Approval.Status;
import dev.relayauth.policy.domain.decision.Agent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits for a human, and the human's answer. */
@Path("/v1/approvals")
public final class ApprovalResource {
  private static final int MAX_REASON = 1024;

  private final Transactions transactions;
  private final ApprovalRows rows;
  private final AuditRecords records;
  private final CurrentRequest request;
  private final Humans humans;
  private final AgentChains chains;
  private final ApprovalConfig config;
  private final InstantSource clock;

  ApprovalResource(
      Transactions transactions,
      ApprovalRows rows,
      AuditRecords records,
      CurrentRequest request,
      Humans humans,
      AgentChains chains,
      ApprovalConfig config,
      InstantSource clock) {
    this.transactions = transactions;
    this.rows = rows;
    this.records = records;
    this.request = request;
    this.humans = humans;
    this.chains = chains;
    this.config = config;
    this.clock = clock;
  }

  /** Why, in the human's words. */
  record Answered(@Nullable String reason) {}

  /** A page of approvals, newest first. */
  @GET
  @RequiresScope("relayauth:approval:read")
  @RunOnVirtualThread
  public Page<ApprovalView> list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    new Violations()
        .check(
            status == null || Status.of(status).isPresent(),
            "/status",
            "is pending, approved, rejected, used or expired")
        .throwIfAny();
    int size = Cursor.limit(limit);
    String org = request.tenant().org();
    String list = "approvals/" + org + "/" + status;
    Cursor after = Cursor.decode(cursor, list);
    Status wanted = status == null ? null : Status.valueOf(status);
    Instant now = now();
    return Page.of(
        transactions.read(tx -> rows.list(tx, org, wanted, after, size + 1)),
        size,
        list,
        approval -> ApprovalView.of(approval, now),
        ApprovalView::place);
  }

  /** One approval. */
  @GET
  @Path("{id}")
  @RequiresScope("relayauth:approval:read")
  @RunOnVirtualThread
  public ApprovalView get(String id) {
    return ApprovalView.of(transactions.read(tx -> find(tx, request.tenant().org(), id)), now());
  }

  /** A human agrees: the same request passes once. */
  @POST
  @Path("{id}/approve")
  @RequiresScope("relayauth:approval:manage")
  @RunOnVirtualThread
  public ApprovalView approve(String id, @Nullable Answered body) {
    return answer(id, body, Status.approved);
  }

  /** A human refuses: the same request stays denied until the approval would have expired. */
  @POST
  @Path("{id}/reject")
  @RequiresScope("relayauth:approval:manage")
  @RunOnVirtualThread
  public ApprovalView reject(String id, @Nullable Answered body) {
    return answer(id, body, Status.rejected);
  }

  private ApprovalView answer(String id, @Nullable Answered body, Status status) {
    Caller.Bearer human = humans.require();
    String reason = body == null ? null : body.reason();
    new Violations().optionalText(reason, "/reason", MAX_REASON).throwIfAny();
    Approval known = transactions.read(tx -> find(tx, human.org(), id));
    if (known.identityId().equals(human.actorId())) {
      throw humans.refuse("nobody answers their own request");
    }
    List<Agent> chain = chains.find(known.orgId(), known.identityId()).join();
    List<String> sponsors = chain.isEmpty() ? List.of() : chain.getLast().sponsorChain();
    Approval decided =
        transactions.write(tx -> decide(tx, known, status, human, reason, sponsors)).value();
    request.wrote(0);
    return ApprovalView.of(decided, now());
  }

  private Approval decide(
      Transaction tx,
      Approval known,
      Status status,
      Caller.Bearer human,
      @Nullable String reason,
      List<String> sponsors)
      throws SQLException {
    Instant now = now();
    Instant expiresAt = status == Status.approved ? now.plus(config.validity()) : known.expiresAt();
    Approval decided =
        rows.decide(
                tx,
                known,
                status,
                new ApprovalRows.By(human.actorId(), Humans.credential(human).orElse(null)),
                reason,
                now,
                expiresAt)
            .orElseThrow(
                () ->
                    new RefusedException(
                        ErrorCode.CONFLICT, "it is answered already, or its time is over"));
    records.append(
        tx,
        ApprovalAudit.describe(
                records.draft("approval." + status.name(), known.orgId(), request),
                decided,
                sponsors)
            .with("comment", reason),
        request);
    return decided;
  }

  private Approval find(Transaction tx, String org, String id) throws SQLException {
    return rows.find(tx, org, id)
        .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no such approval"));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
