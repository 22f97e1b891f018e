package dev.relayauth.audit.config;

import dev.relayauth.audit.domain.activity.ActivityReport;
import dev.relayauth.audit.domain.activity.Agents;
import dev.relayauth.audit.domain.activity.UsageLog;
import dev.relayauth.audit.domain.statistics.ActionCounts;
import dev.relayauth.audit.domain.statistics.StatisticsReport;
import dev.relayauth.common.secret.SecretSeal;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The domain's parts, wired. */
@Singleton
public final class AuditProducers {
  @Produces
  @Singleton
  ActivityReport activity(Agents agents, UsageLog usage, InstantSource clock) {
    return new ActivityReport(agents, usage, clock);
  }

  @Produces
  @Singleton
  SecretSeal seal(AuditConfig config) {
    return SecretSeal.of(config.keyEncryptionKey(), new SecureRandom());
  }

  @Produces
  @Singleton
  StatisticsReport statistics(ActionCounts counts, Agents agents) {
    return new StatisticsReport(counts, agents);
  }
}
