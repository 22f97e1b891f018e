package dev.relayauth.policy.adapter.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.relayauth.common.outbox.StorageException;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.domain.budget.Budgets;
import dev.relayauth.policy.domain.budget.Charge;
import dev.relayauth.policy.domain.budget.Owner;
import dev.relayauth.policy.domain.decision.DecisionRecord.Origin;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * What follows from a refusal, off the path of the decision: it is told once a window, and where
 * the budget says so its identity is suspended with everything under it.
 */
@Singleton
public final class Overruns {
  private static final Logger LOG = Logger.getLogger(Overruns.class);
  private static final Duration AT_MOST_EVERY = Duration.ofMillis(500);
  private static final int REMEMBERED = 10_000;

  private final Transactions transactions;
  private final Notices notices;
  private final Suspensions suspensions;
  private final Cache<String, Boolean> recent =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .expireAfterWrite(AT_MOST_EVERY)
          .maximumSize(REMEMBERED)
          .build();

  Overruns(Transactions transactions, Notices notices, Suspensions suspensions) {
    this.transactions = transactions;
    this.notices = notices;
    this.suspensions = suspensions;
  }

  /** Takes note of a refusal of who asked. Returns at once. */
  public void refused(Budgets budgets, Charge.Refused refused, Origin origin) {
    String name = budgets.org() + "/" + budgets.identityId() + "/" + refused.cap().key();
    if (refused.certain() && recent.asMap().putIfAbsent(name, true) == null) {
      Thread.ofVirtual().name("budget-overrun").start(() -> follow(name, budgets, refused, origin));
    }
  }

  private void follow(String name, Budgets budgets, Charge.Refused refused, Origin origin) {
    String suspended = suspended(budgets, refused);
    String reason = "the budget is used up: " + refused.cap().meter();
    try {
      transactions.write(
          tx -> {
            notices.exceeded(tx, budgets, refused, origin);
            if (refused.cap().suspends()) {
              suspensions.demand(tx, budgets.org(), suspended, reason);
            }
            return suspended;
          });
      if (refused.cap().suspends()) {
        suspensions.deliver(budgets.org(), suspended, reason);
      }
    } catch (StorageException e) {
      // The next refusal tries again.
      recent.invalidate(name);
      LOG.warnf("a refusal could not be told: %s", e.getMessage());
    }
  }

  /** Whose budget it is, when that is an identity; otherwise who acted. */
  private static String suspended(Budgets budgets, Charge.Refused refused) {
    Owner owner = refused.cap().owner();
    return owner.kind() == Owner.Kind.identity ? owner.id() : budgets.spender(owner);
  }
}
