package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import dev.relayauth.identity.adapter.configuration.ConfigDocument.BudgetEntry;
import dev.relayauth.identity.adapter.configuration.ConfigDocument.IdentityEntry;
import dev.relayauth.identity.adapter.configuration.ConfigDocument.PolicyEntry;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.domain.configuration.Change;
import dev.relayauth.identity.domain.configuration.Change.Action;
import dev.relayauth.identity.domain.configuration.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what is wanted with what exists. Changes nothing. */
final class ConfigPlanner {
  private static final Set<String> FIXED = Set.of("sponsor", "type", "workspaceId");

  private final ConfigDocument wanted;
  private final Situation present;
  private final List<Change> changes = new ArrayList<>();

  private ConfigPlanner(ConfigDocument wanted, Situation present) {
    this.wanted = wanted;
    this.present = present;
  }

  /** The changes in the order they are to be made; those that prune come last. */
  static List<Change> plan(ConfigDocument wanted, Situation present, boolean prune) {
    ConfigPlanner planner = new ConfigPlanner(wanted, present);
    planner.sponsors();
    planner.roles();
    planner.identities();
    planner.budgets();
    planner.policies();
    if (prune) {
      planner.prune();
    }
    return planner.changes;
  }

  private void sponsors() {
    for (var entry : Surroundings.each(wanted.sponsors())) {
      var known = present.sponsors().get(entry.id());
      Map<String, Object> want = members(entry, "id");
      // Whoever is in the file is with the organisation.
      want.put("status", "active");
      add(
          Kind.sponsor,
          String.valueOf(entry.id()),
          known == null ? null : known.id(),
          known == null ? Map.of() : members(known),
          want);
    }
  }

  private void roles() {
    for (var entry : Surroundings.each(wanted.roles())) {
      Map<String, Object> known = present.roles().get(entry.name());
      Change change =
          add(
              Kind.role,
              String.valueOf(entry.name()),
              Situation.id(known),
              known == null ? Map.of() : known,
              members(entry, "name"));
      refuseFixed(change);
    }
  }

  private void identities() {
    Map<String, String> roleNames = present.roleNames();
    for (IdentityEntry entry : topDown()) {
      View known = present.identities().get(entry.name());
      Map<String, Object> want = members(entry, "name");
      if (entry.sponsor() != null) {
        want.put("sponsor", present.sponsorId(entry.sponsor()));
      }
      requireRoles(entry);
      Change change =
          add(
              Kind.identity,
              String.valueOf(entry.name()),
              known == null ? null : known.state().id(),
              known == null ? Map.of() : members(known.state(), roleNames),
              want);
      refuseFixed(change);
      if (known != null && known.state().status() == IdentityState.Status.retired) {
        throw conflict("identity " + entry.name() + " is retired; delete it, or choose a new name");
      }
    }
  }

  private void budgets() {
    for (BudgetEntry entry : Surroundings.each(wanted.budgets())) {
      View known = present.identities().get(entry.identity());
      if (known == null && !names(wanted.identities()).contains(entry.identity())) {
        throw invalid("/budgets", "there is no identity named " + entry.identity());
      }
      var own = known == null ? null : known.state().budget();
      add(
          Kind.budget,
          String.valueOf(entry.identity()),
          own == null || known == null ? null : known.state().id(),
          own == null ? Map.of() : members(own),
          members(entry, "identity"));
    }
  }

  private void policies() {
    for (PolicyEntry entry : Surroundings.each(wanted.policies())) {
      Map<String, Object> known = present.policies().get(entry.name());
      Map<String, Object> want = members(entry, "name");
      want.remove("identity");
      if (entry.identity() != null) {
        want.put("identityId", present.sponsorId(entry.identity()));
      }
      add(
          Kind.policy,
          String.valueOf(entry.name()),
          Situation.id(known),
          known == null ? Map.of() : known,
          want);
    }
  }

  /** What an earlier configuration has put there and this one doesn't name. */
  private void prune() {
    if (wanted.policies() != null) {
      gone(Kind.policy, names(wanted.policies(), PolicyEntry::name))
          .forEach(name -> delete(Kind.policy, name, Situation.id(present.policies().get(name))));
    }
    if (wanted.identities() != null) {
      // Those below first: what stands above takes them along.
      gone(Kind.identity, names(wanted.identities())).stream()
          .map(present.identities()::get)
          .filter(view -> view != null)
          .map(View::state)
          .sorted((a, b) -> b.sponsorChain().size() - a.sponsorChain().size())
          .forEach(state -> delete(Kind.identity, state.name(), state.id()));
    }
    if (wanted.roles() != null) {
      gone(Kind.role, names(wanted.roles(), ConfigDocument.RoleEntry::name))
          .forEach(name -> delete(Kind.role, name, Situation.id(present.roles().get(name))));
    }
    if (wanted.sponsors() != null) {
      gone(Kind.sponsor, names(wanted.sponsors(), ConfigDocument.SponsorEntry::id))
          .forEach(id -> delete(Kind.sponsor, id, present.sponsors().containsKey(id) ? id : null));
    }
  }

  private void delete(Kind kind, String name, @Nullable String id) {
    if (id != null) {
      changes.add(new Change(kind, name, id, Action.delete, Map.of()));
    }
  }

  private List<String> gone(Kind kind, Set<String> wantedNames) {
    return present.configured().getOrDefault(kind, Set.of()).stream()
        .filter(name -> !wantedNames.contains(name))
        .sorted()
        .toList();
  }

  /** Identities in an order in which each stands under one that is there before it. */
  private List<IdentityEntry> topDown() {
    List<IdentityEntry> waiting = new ArrayList<>(Surroundings.each(wanted.identities()));
    List<IdentityEntry> ordered = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Set<String> later = names(waiting);
      List<IdentityEntry> ready =
          waiting.stream().filter(entry -> !later.contains(entry.sponsor())).toList();
      if (ready.isEmpty()) {
        throw invalid("/identities", "stand under each other in a circle: " + later);
      }
      ordered.addAll(ready);
      waiting.removeAll(ready);
    }
    return ordered;
  }

  private void requireRoles(IdentityEntry entry) {
    Set<String> known = new HashSet<>(present.roles().keySet());
    known.addAll(names(wanted.roles(), ConfigDocument.RoleEntry::name));
    for (String role : Surroundings.each(entry.roles())) {
      if (!known.contains(role)) {
        throw invalid("/identities", entry.name() + " has a role that isn't there: " + role);
      }
    }
  }

  private Change add(
      Kind kind,
      String name,
      @Nullable String id,
      Map<String, Object> known,
      Map<String, Object> want) {
    Change change = Change.of(kind, name, id, known, want);
    changes.add(change);
    return change;
  }

  private static void refuseFixed(Change change) {
    if (change.action() == Action.update) {
      for (String member : FIXED) {
        if (change.diff().containsKey(member)) {
          throw conflict(change.kind() + " " + change.name() + ": " + member + " can't change");
        }
      }
    }
  }

  private static Set<String> names(@Nullable List<IdentityEntry> entries) {
    return names(entries, IdentityEntry::name);
  }

  private static <T> Set<String> names(
      @Nullable List<T> entries, java.util.function.Function<T, @Nullable String> name) {
    Set<String> result = new HashSet<>();
    for (T entry : Surroundings.each(entries)) {
      result.add(String.valueOf(name.apply(entry)));
    }
    return result;
  }

  private static Map<String, Object> members(IdentityState state, Map<String, String> roleNames) {
    Map<String, Object> members = members(state);
    members.put("sponsor", state.sponsorId());
    Collection<String> roles =
        state.roles().stream().map(id -> roleNames.getOrDefault(id, id)).toList();
    members.put("roles", roles);
    return members;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> members(Object value, String... without) {
    Map<String, Object> members = Json.read(Json.write(value), LinkedHashMap.class);
    for (String member : without) {
      members.remove(member);
    }
    return members;
  }

  private static RefusedException conflict(String detail) {
    return new RefusedException(ErrorCode.CONFLICT, detail);
  }

  private static RefusedException invalid(String pointer, String detail) {
    return new RefusedException(
        ErrorCode.VALIDATION_FAILED,
        pointer + " " + detail,
        Map.of("errors", List.of(Map.of("pointer", pointer, "detail", detail))));
  }
}
