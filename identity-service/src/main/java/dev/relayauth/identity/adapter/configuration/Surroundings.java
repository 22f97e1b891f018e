package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.identity.adapter.configuration.ConfigDocument.IdentityEntry;
import dev.relayauth.identity.adapter.postgres.ConfiguredStore;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.domain.configuration.Change;
import dev.relayauth.identity.domain.configuration.Kind;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a configuration meets, as far as its caller may know. */
@Singleton
final class Surroundings {
  private final DirectoryAdministration directory;
  private final IdentityAdministration identities;
  private final ConfiguredStore configured;
  private final PolicyRoutes policy;

  Surroundings(
      DirectoryAdministration directory,
      IdentityAdministration identities,
      ConfiguredStore configured,
      PolicyRoutes policy) {
    this.directory = directory;
    this.identities = identities;
    this.configured = configured;
    this.policy = policy;
  }

  /** Looks; {@code action} is {@code read} or {@code manage} and needed of every section. */
  Situation look(ConfigDocument wanted, Caller.Tenant caller, String action, Forwarded forwarded) {
    boolean roles = wanted.roles() != null || givesRoles(wanted);
    require(caller, wanted.sponsors() != null, "sponsor", action);
    require(caller, roles, "role", action);
    require(caller, wanted.budgets() != null, "budget", action);
    require(caller, wanted.policies() != null, "policy", action);
    Map<Kind, Set<String>> known = configured.read(caller.org());
    return new Situation(
        sponsors(wanted, caller.org(), known),
        roles ? Situation.byName(policy.list("/v1/roles", forwarded)) : Map.of(),
        identities(wanted, caller.org(), known),
        wanted.policies() == null
            ? Map.of()
            : Situation.byName(policy.list("/v1/policies", forwarded)),
        known);
  }

  /** Refuses new identities under nobody that is there or in the file, as writing them would. */
  void requireSponsors(ConfigDocument wanted, Situation present, List<Change> changes, String org) {
    Set<String> coming = new HashSet<>();
    each(wanted.identities()).forEach(entry -> add(coming, entry.name()));
    each(wanted.sponsors()).forEach(entry -> add(coming, entry.id()));
    Set<String> created = new HashSet<>();
    for (Change change : changes) {
      if (change.kind() == Kind.identity && change.action() == Change.Action.create) {
        created.add(change.name());
      }
    }
    for (IdentityEntry entry : each(wanted.identities())) {
      String sponsor = entry.sponsor();
      if (created.contains(entry.name()) && sponsor != null && !coming.contains(sponsor)) {
        identities.requireSponsor(org, present.sponsorId(sponsor));
      }
    }
  }

  private Map<String, SponsorState> sponsors(
      ConfigDocument wanted, String org, Map<Kind, Set<String>> known) {
    Set<String> ids = new HashSet<>(known.getOrDefault(Kind.sponsor, Set.of()));
    each(wanted.sponsors()).forEach(entry -> add(ids, entry.id()));
    Map<String, SponsorState> result = new HashMap<>();
    directory.sponsors(org, ids).forEach(sponsor -> result.put(sponsor.id(), sponsor));
    return result;
  }

  private Map<String, View> identities(
      ConfigDocument wanted, String org, Map<Kind, Set<String>> known) {
    Set<String> names = new HashSet<>(known.getOrDefault(Kind.identity, Set.of()));
    for (IdentityEntry entry : each(wanted.identities())) {
      add(names, entry.name());
      add(names, entry.sponsor());
    }
    each(wanted.budgets()).forEach(entry -> add(names, entry.identity()));
    each(wanted.policies()).forEach(entry -> add(names, entry.identity()));
    Map<String, View> result = new HashMap<>();
    identities.named(org, names).forEach(view -> result.put(view.state().name(), view));
    return result;
  }

  private static boolean givesRoles(ConfigDocument wanted) {
    return each(wanted.identities()).stream().anyMatch(entry -> entry.roles() != null);
  }

  static <T> List<T> each(@Nullable List<T> section) {
    return section == null ? List.of() : section;
  }

  private static void add(Collection<String> names, @Nullable String name) {
    if (name != null) {
      names.add(name);
    }
  }

  private static void require(
      Caller.Tenant caller, boolean needed, String resource, String action) {
    String required = "relayauth:" + resource + ":" + action;
    if (needed && !caller.scopes().covers(Scope.parse(required))) {
      throw new RefusedException(
          ErrorCode.INSUFFICIENT_SCOPE,
          "this section needs " + required,
          Map.of("required", required, "actual", caller.scopes().toList()));
    }
  }
}
