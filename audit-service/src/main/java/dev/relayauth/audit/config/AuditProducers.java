package dev.relayauth.audit.config;

import dev.relayauth.audit.domain.activity.ActivityReport;
import dev.relayauth.audit.domain.activity.Agents;
import dev.relayauth.audit.domain.activity.BudgetLedger;
import dev.relayauth.audit.domain.activity.UsageLog;
import dev.relayauth.audit.domain.statistics.ActionCounts;
import dev.relayauth.audit.domain.statistics.StatisticsReport;
import dev.relayauth.audit.domain.stream.Listeners;
import dev.relayauth.audit.domain.webhook.RetryRule;
import dev.relayauth.common.outbound.Destinations;
import dev.relayauth.common.secret.SecretSeal;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** The domain's parts, wired. */
@Singleton
public final class AuditProducers {
  @Produces
  @Singleton
  ActivityReport activity(Agents agents, UsageLog usage, BudgetLedger ledger, InstantSource clock) {
    return new ActivityReport(agents, usage, ledger, clock);
  }

  @Produces
  @Singleton
  SecretSeal seal(AuditConfig config) {
    return SecretSeal.of(config.keyEncryptionKey(), new SecureRandom());
  }

  @Produces
  @Singleton
  Listeners listeners(AuditConfig config) {
    return new Listeners(config.stream().maxPerOrganization());
  }

  @Produces
  @Singleton
  Destinations destinations(AuditConfig config) {
    return new Destinations(config.webhooks().allowedPrivate().orElse(List.of()));
  }

  @Produces
  @Singleton
  RetryRule retryRule(AuditConfig config) {
    AuditConfig.Webhooks webhooks = config.webhooks();
    return new RetryRule(
        webhooks.firstRetry(),
        webhooks.longestRetry(),
        webhooks.attempts(),
        webhooks.degradedAfter(),
        webhooks.disabledAfterFailures(),
        webhooks.disabledAfter());
  }

  @Produces
  @Singleton
  StatisticsReport statistics(ActionCounts counts, Agents agents) {
    return new StatisticsReport(counts, agents);
  }
}
