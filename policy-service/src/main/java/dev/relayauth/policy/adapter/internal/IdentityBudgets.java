package dev.relayauth.policy.adapter.internal;

import dev.relayauth.common.budget.LimitsAuthor;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The limits of identities: the identity service keeps them, and is the only one to write them. */
@Singleton
public final class IdentityBudgets {
  private static final Set<Integer> REFUSALS = Set.of(400, 403, 409);

  private final InternalClient client;

  IdentityBudgets(InternalClient client) {
    this.client = client;
  }

  private record Body(BudgetLimits budget, LimitsAuthor author) {}

  /**
   * An identity as it is after the change.
   *
   * @param revision the write, as clients send it back
   */
  public record Changed(IdentityState identity, String revision) {}

  private record Problem(
      @Nullable String code, @Nullable String detail, @Nullable List<Map<String, Object>> errors) {}

  /**
   * Sets the limits. Blocking.
   *
   * @throws RefusedException with the identity service's own words when it refuses
   */
  public Changed put(String org, String id, BudgetLimits limits, LimitsAuthor author) {
    InternalClient.Reply reply =
        client.await(
            client.post(
                "identity",
                "/internal/v1/budgets/" + org + "/" + id + "/limits",
                new Body(limits, author)));
    if (reply.isSuccess()) {
      return Json.read(reply.body(), Changed.class);
    }
    if (reply.status() == 404) {
      throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
    }
    if (REFUSALS.contains(reply.status())) {
      throw refusal(Json.read(reply.body(), Problem.class));
    }
    throw new ServiceUnavailableException("identity answered " + reply.status());
  }

  private static RefusedException refusal(Problem problem) {
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(known -> known.slug().equals(problem.code()))
            .findFirst()
            .orElse(ErrorCode.VALIDATION_FAILED);
    Map<String, Object> members = new HashMap<>();
    if (problem.errors() != null) {
      members.put("errors", problem.errors());
    }
    return new RefusedException(code, String.valueOf(problem.detail()), members);
  }
}
