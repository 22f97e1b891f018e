package dev.relayauth.policy.adapter.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Ledger.Usage;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells, once a window, that a cap is nearly or entirely used up. */
@Singleton
public final class Notices {
  private static final int REMEMBERED = 50_000;
  private static final String NOTE =
      """
      insert into budget_notice (org_id, key, kind, bucket) values (?, ?, ?, ?)
      on conflict (org_id, key, kind) do update set bucket = excluded.bucket
       where budget_notice.bucket < ?
      """;

  private final AuditRecords audit;
  private final Chains chains;
  private final Cache<String, Long> told =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(REMEMBERED).build();

  Notices(AuditRecords audit, Chains chains) {
    this.audit = audit;
    this.chains = chains;
  }

  /** Raises an alert, and tells of an overrun of a shadow cap, when there is a reason. */
  void alert(Transaction tx, String org, Cap cap, @Nullable Usage usage) throws SQLException {
    if (usage == null || usage.spent() < cap.alertAt()) {
      return;
    }
    if (isNew(tx, org, cap, "alert")) {
      AuditDraft draft = draft("budget.alert", org, cap, chains.of(org, cap.owner()));
      audit.append(tx, described(draft, cap, usage.spent()).build(), null);
    }
    if (cap.shadow() && usage.spent() > cap.limit() && isNew(tx, org, cap, "exceeded")) {
      AuditDraft draft = draft("budget.exceeded", org, cap, chains.of(org, cap.owner()));
      audit.append(tx, described(draft, cap, usage.spent()).with("mode", "shadow").build(), null);
    }
  }

  /** Tells that a cap has refused somebody. */
  void exceeded(Transaction tx, Budgets budgets, Charge.Refused refused, Origin origin)
      throws SQLException {
    Cap cap = refused.cap();
    if (isNew(tx, budgets.org(), cap, "exceeded")) {
      AuditDraft draft =
          draft("budget.exceeded", budgets.org(), cap, budgets.chainOf(cap.owner()))
              .result(AuditRecord.Result.denied)
              .workspace(chains.workspace(budgets.org(), Owner.identity(budgets.identityId())))
              .origin(origin.ip(), origin.userAgent(), origin.requestId(), origin.traceId())
              .with("actorId", origin.actorId())
              .with("actingIdentityId", budgets.identityId());
      long used = Math.max(0, cap.limit() - refused.remaining());
      audit.append(tx, described(draft, cap, used).build(), null);
    }
  }

  private boolean isNew(Transaction tx, String org, Cap cap, String kind) throws SQLException {
    long since = cap.window().since(tx.clock().instant());
    long bucket = cap.window().bucket(tx.clock().instant()).start();
    String name = kind + " " + org + " " + cap.key() + " " + cap.limit();
    Long last = told.getIfPresent(name);
    if (last != null && last >= since) {
      return false;
    }
    told.put(name, bucket);
    return tx.update(NOTE, org, cap.key(), kind, bucket, since) == 1;
  }

  private AuditDraft draft(String action, String org, Cap cap, List<String> chain) {
    boolean isIdentity = cap.owner().kind() == Owner.Kind.identity;
    return audit
        .draft(action, org)
        .subject(isIdentity ? cap.owner().id() : last(chain), chain)
        .workspace(chains.workspace(org, cap.owner()))
        .with("ownerKind", cap.owner().kind().name())
        .with("ownerId", cap.owner().id())
        .with("meter", cap.meter());
  }

  private static @Nullable String last(List<String> chain) {
    return chain.size() > 1 ? chain.getLast() : null;
  }

  private static AuditDraft described(AuditDraft draft, Cap cap, long used) {
    return draft
        .with("limit", BudgetTexts.amount(cap, cap.limit()))
        .with("used", BudgetTexts.amount(cap, used))
        .with("currency", cap.unit() == Cap.Unit.MONEY ? cap.currency() : null);
  }
}
