package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.http.Internal;
import dev.relayauth.common.http.Violations;
import dev.relayauth.policy.adapter.budget.KnownBudgets;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Ledger;
import dev.relayauth.policy.domain.budget.Ledger.Usage;
import dev.relayauth.policy.domain.decision.Agent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the token service what identities have left, for the tokens it issues. One look at the
 * ledger an organisation, however many identities are asked about.
 */
@Path("/internal/v1/budgets/remaining")
public final class RemainingResource {
  private static final int MAX_IDENTITIES = 500;
  private static final Usage NONE = new Usage(0, 0);

  private final AgentChains chains;
  private final KnownBudgets known;
  private final Ledger ledger;
  private final InstantSource clock;

  RemainingResource(AgentChains chains, KnownBudgets known, Ledger ledger, InstantSource clock) {
    this.chains = chains;
    this.known = known;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** An identity of an organisation. */
  public record Spender(String orgId, String identityId) {}

  /** Whose. */
  public record Question(@Nullable List<Spender> identities) {}

  /**
   * What one has left of all that binds it.
   *
   * @param cost money in major units, of the tightest cap; missing when none caps money
   * @param actions of the tightest cap that counts every action; missing when none does
   */
  public record Left(
      String orgId, String identityId, @Nullable BigDecimal cost, @Nullable Long actions) {}

  /** Those that exist and that something caps. */
  public record Answer(List<Left> remaining) {}

  /** Looks it up. */
  @POST
  @Internal
  @RunOnVirtualThread
  public Answer remaining(@Nullable Question sent) {
    List<Spender> asked = AdministrativeWrites.require(sent).identities();
    new Violations()
        .check(asked != null, "/identities", "is required")
        .list(asked, "/identities", MAX_IDENTITIES)
        .throwIfAny();
    return asked == null ? new Answer(List.of()) : new Answer(look(asked));
  }

  private List<Left> look(List<Spender> asked) {
    return asked.stream()
        .collect(Collectors.groupingBy(Spender::orgId, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .flatMap(of -> look(of.getKey(), of.getValue()).stream())
        .toList();
  }

  private List<Left> look(String org, List<Spender> spenders) {
    Map<String, List<Cap>> caps = new LinkedHashMap<>();
    for (Spender spender : spenders) {
      List<Agent> chain = chains.await(org, spender.identityId());
      if (!chain.isEmpty()) {
        caps.put(spender.identityId(), known.of(org, chain).caps());
      }
    }
    Map<String, Cap> distinct = new LinkedHashMap<>();
    caps.values().forEach(own -> own.forEach(cap -> distinct.putIfAbsent(cap.key(), cap)));
    Map<String, Usage> usage = ledger.usage(org, List.copyOf(distinct.values()), clock.instant());
    return caps.entrySet().stream()
        .filter(own -> !own.getValue().isEmpty())
        .map(own -> left(org, own.getKey(), own.getValue(), usage))
        .toList();
  }

  private static Left left(String org, String id, List<Cap> caps, Map<String, Usage> usage) {
    long money = Cap.NO_LIMIT;
    long actions = Cap.NO_LIMIT;
    for (Cap cap : caps) {
      if (cap.ceiling() < Cap.NO_LIMIT && cap.scope() == null) {
        long left = Math.max(0, cap.ceiling() - usage.getOrDefault(cap.key(), NONE).used());
        switch (cap.unit()) {
          case MONEY -> money = Math.min(money, left);
          case ACTIONS -> actions = Math.min(actions, left);
        }
      }
    }
    return new Left(
        org,
        id,
        money == Cap.NO_LIMIT ? null : Amounts.major(money),
        actions == Cap.NO_LIMIT ? null : Long.valueOf(actions));
  }
}
