package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.revision.Revisions;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.postgres.ConfiguredStore;
import dev.relayauth.identity.adapter.postgres.Escalation;
import dev.relayauth.identity.domain.configuration.Change;
import dev.relayauth.identity.domain.configuration.Change.Action;
import dev.relayauth.identity.domain.configuration.Kind;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plans a configuration and applies it. Each thing is one write with its own record, by the rules
 * of its own route and with what the caller holds; a failure stops there, and applying again goes
 * on.
 */
@Singleton
public final class ConfigAdministration {
  private final Surroundings surroundings;
  private final ConfigWrites writes;
  private final ConfiguredStore configured;
  private final Escalation escalation;
  private final Revisions revisions;

  ConfigAdministration(
      Surroundings surroundings,
      ConfigWrites writes,
      ConfiguredStore configured,
      Escalation escalation,
      Revisions revisions) {
    this.surroundings = surroundings;
    this.writes = writes;
    this.configured = configured;
    this.escalation = escalation;
    this.revisions = revisions;
  }

  /**
   * What applying would change; refuses what applying would refuse for want of a scope or sponsor.
   */
  public List<Change> plan(
      @Nullable String yaml, boolean prune, CurrentRequest request, Forwarded forwarded) {
    ConfigDocument wanted = ConfigReader.read(yaml);
    Situation present = surroundings.look(wanted, request.tenant(), "read", forwarded);
    List<Change> changes = planned(wanted, present, prune, request);
    surroundings.requireSponsors(wanted, present, changes, request.tenant().org());
    return changes;
  }

  /**
   * Applies a configuration. The answer carries the revision of all that was written, also when it
   * stopped on the way.
   *
   * @param confirmed whether the caller knows that something is deleted
   */
  public List<Change> apply(
      @Nullable String yaml,
      boolean prune,
      boolean confirmed,
      CurrentRequest request,
      Forwarded forwarded) {
    ConfigDocument wanted = ConfigReader.read(yaml);
    Situation present = surroundings.look(wanted, request.tenant(), "manage", forwarded);
    List<Change> changes = planned(wanted, present, prune, request);
    if (!confirmed && changes.stream().anyMatch(change -> change.action() == Action.delete)) {
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, "send X-Confirm-Delete: true to delete what the plan names");
    }
    List<Change> done = new ArrayList<>();
    ConfigWrites.Run run = writes.run(wanted, present, request, forwarded);
    try {
      for (Change change : changes) {
        done.add(run.make(change));
      }
    } catch (RefusedException refusal) {
      Map<String, Object> members = new HashMap<>(refusal.members());
      members.put("applied", done.stream().filter(c -> c.action() != Action.unchanged).toList());
      members.put(
          "failed", changes.get(done.size()).kind() + " " + changes.get(done.size()).name());
      throw new RefusedException(refusal.code(), refusal.detail(), members);
    } finally {
      request.wrote(revisions.encode(run.revision()));
    }
    remember(request.tenant().org(), done);
    return done;
  }

  private List<Change> planned(
      ConfigDocument wanted, Situation present, boolean prune, CurrentRequest request) {
    List<Change> changes = ConfigPlanner.plan(wanted, present, prune);
    List<String> given = new ArrayList<>();
    for (Change change : changes) {
      Change.Edit scopes = change.diff().get("scopes");
      if (scopes != null && scopes.to() instanceof Collection<?> items) {
        items.forEach(scope -> given.add(String.valueOf(scope)));
      }
    }
    escalation.refuse(ScopeSet.of(given.stream().distinct().toList()), request);
    return changes;
  }

  private void remember(String org, List<Change> changes) {
    for (Kind kind : Kind.values()) {
      // A budget goes with its identity.
      if (kind != Kind.budget) {
        configured.write(org, kind, names(changes, kind, false), names(changes, kind, true));
      }
    }
  }

  private static List<String> names(List<Change> changes, Kind kind, boolean deleted) {
    return changes.stream()
        .filter(change -> change.kind() == kind)
        .filter(change -> (change.action() == Action.delete) == deleted)
        .map(Change::name)
        .toList();
  }
}
