package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.identity.adapter.configuration.ConfigAdministration;
import dev.relayauth.identity.adapter.configuration.Forwarded;
import dev.relayauth.identity.domain.configuration.Change;
import dev.relayauth.identity.domain.configuration.Change.Action;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/config:plan} and {@code :apply}: one YAML of sponsors, roles, identities, budgets and
 * policies, compared with what exists by stable names. Applying twice changes nothing the second
 * time. With {@code ?prune=true} what an earlier configuration has put there, and this one doesn't
 * name, goes away; nothing else ever does. A section needs the scope of its own routes.
 */
@Path("/v1")
@RunOnVirtualThread
public final class ConfigResource {
  private final ConfigAdministration administration;
  private final CurrentRequest request;

  ConfigResource(ConfigAdministration administration, CurrentRequest request) {
    this.administration = administration;
    this.request = request;
  }

  /** The changes, those that change nothing included, and how many there are of each. */
  public record Answer(boolean applied, Map<Action, Integer> summary, List<Change> changes) {
    static Answer of(boolean applied, List<Change> changes) {
      Map<Action, Integer> summary = new EnumMap<>(Action.class);
      for (Action action : Action.values()) {
        summary.put(action, 0);
      }
      changes.forEach(change -> summary.merge(change.action(), 1, Integer::sum));
      return new Answer(applied, summary, changes);
    }
  }

  /** What applying would change. */
  @POST
  @Path("/config:plan")
  @Consumes({
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml",
    "text/plain",
    "application/json"
  })
  @RequiresScope("relayauth:identity:read")
  public Answer plan(
      @Nullable String yaml,
      @QueryParam("prune") @Nullable String prune,
      @Context HttpHeaders headers) {
    return Answer.of(
        false, administration.plan(yaml, isTrue(prune), request, Forwarded.of(headers, request)));
  }

  /** Changes what differs. */
  @POST
  @Path("/config:apply")
  @Consumes({
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "text/x-yaml",
    "text/plain",
    "application/json"
  })
  @RequiresScope("relayauth:identity:manage")
  public Answer apply(
      @Nullable String yaml,
      @QueryParam("prune") @Nullable String prune,
      @HeaderParam("X-Confirm-Delete") @Nullable String confirmation,
      @Context HttpHeaders headers) {
    return Answer.of(
        true,
        administration.apply(
            yaml,
            isTrue(prune),
            "true".equals(confirmation),
            request,
            Forwarded.of(headers, request)));
  }

  private static boolean isTrue(@Nullable String prune) {
    if (prune == null || prune.equals("true") || prune.equals("false")) {
      return "true".equals(prune);
    }
    throw new RefusedException(ErrorCode.VALIDATION_FAILED, "prune is true or false");
  }
}
