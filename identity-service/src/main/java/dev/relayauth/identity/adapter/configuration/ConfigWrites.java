package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.SponsorState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.revision.Revision;
import dev.relayauth.identity.adapter.configuration.ConfigDocument.IdentityEntry;
import dev.relayauth.identity.adapter.http.IdentityRules;
import dev.relayauth.identity.adapter.postgres.DirectoryAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration;
import dev.relayauth.identity.adapter.postgres.IdentityDraft;
import dev.relayauth.identity.adapter.postgres.IdentityPatch;
import dev.relayauth.identity.adapter.postgres.LifecycleAdministration;
import dev.relayauth.identity.domain.configuration.Change;
import dev.relayauth.identity.domain.configuration.Change.Action;
import dev.relayauth.identity.domain.lifecycle.Transition;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the changes of a plan, one by one. */
@Singleton
final class ConfigWrites {
  private final DirectoryAdministration directory;
  private final IdentityAdministration identities;
  private final LifecycleAdministration lifecycle;
  private final PolicyRoutes policy;
  private final InstantSource clock;

  ConfigWrites(
      DirectoryAdministration directory,
      IdentityAdministration identities,
      LifecycleAdministration lifecycle,
      PolicyRoutes policy,
      InstantSource clock) {
    this.directory = directory;
    this.identities = identities;
    this.lifecycle = lifecycle;
    this.policy = policy;
    this.clock = clock;
  }

  /** Begins a run over one plan. */
  Run run(ConfigDocument wanted, Situation present, CurrentRequest request, Forwarded forwarded) {
    return new Run(wanted, present, request, forwarded);
  }

  /** One run: what it has created is known to what comes later. */
  final class Run {
    private final Map<String, IdentityEntry> entries = new HashMap<>();
    private final Map<String, ConfigDocument.BudgetEntry> budgets = new HashMap<>();
    private final Map<String, String> identityIds = new HashMap<>();
    private final Map<String, String> roleIds = new HashMap<>();
    private final CurrentRequest request;
    private final Forwarded forwarded;
    private Revision revision = Revision.of("identity", 0);

    private Run(
        ConfigDocument wanted, Situation present, CurrentRequest request, Forwarded forwarded) {
      this.request = request;
      this.forwarded = forwarded;
      Surroundings.each(wanted.identities())
          .forEach(entry -> entries.put(String.valueOf(entry.name()), entry));
      Surroundings.each(wanted.budgets())
          .forEach(entry -> budgets.put(String.valueOf(entry.identity()), entry));
      present.identities().forEach((name, view) -> identityIds.put(name, view.state().id()));
      present.roles().forEach((name, role) -> roleIds.put(name, String.valueOf(role.get("id"))));
    }

    /** Names all that this run has written. */
    Revision revision() {
      return revision;
    }

    private void wrote(long sequence, long revocation) {
      revision = revision.and(Revision.of("identity", sequence));
      if (revocation != 0) {
        revision = revision.and(Revision.of("revocation", revocation));
      }
    }

    /** Makes a change, and returns it with the id of what is there now. */
    Change make(Change change) {
      if (change.action() == Action.unchanged) {
        return change;
      }
      String id =
          switch (change.kind()) {
            case sponsor -> sponsor(change);
            case role -> rule("/v1/roles", change, Map.of());
            case identity -> identity(change);
            case budget -> budget(change);
            case policy -> rule("/v1/policies", change, resolved(change));
          };
      return new Change(change.kind(), change.name(), id, change.action(), change.diff());
    }

    private String sponsor(Change change) {
      String name = text(change, "name");
      String email = text(change, "email");
      switch (change.action()) {
        case create -> {
          IdentityRules.sponsor(change.name(), name, email);
          wrote(
              directory
                  .addSponsor(change.name(), Objects.requireNonNull(name), email, request)
                  .sequence(),
              0);
        }
        case delete ->
            wrote(
                directory.changeSponsor(
                    change.name(), null, null, SponsorState.Status.offboarded, request));
        case update, unchanged ->
            wrote(
                directory.changeSponsor(
                    change.name(),
                    name,
                    email,
                    change.diff().containsKey("status") ? SponsorState.Status.active : null,
                    request));
      }
      return change.name();
    }

    private void wrote(DirectoryAdministration.SponsorWritten written) {
      wrote(written.sequence(), written.revocation());
    }

    private String rule(String path, Change change, Map<String, Object> further) {
      Map<String, Object> body = new LinkedHashMap<>();
      change.diff().forEach((member, edit) -> body.put(member, edit.to()));
      body.putAll(further);
      PolicyRoutes.Reply reply =
          switch (change.action()) {
            case create -> {
              body.put("name", change.name());
              yield policy.send("POST", path, body, forwarded);
            }
            case delete -> policy.send("DELETE", path + "/" + change.id(), null, forwarded);
            case update, unchanged ->
                policy.send("PATCH", path + "/" + change.id(), body, forwarded);
          };
      revision = revision.and(reply.revision());
      String id = String.valueOf(reply.members().getOrDefault("id", change.id()));
      roleIds.put(change.name(), id);
      return id;
    }

    /** A policy names its identity by name, which may have become an id only now. */
    private Map<String, Object> resolved(Change change) {
      String identity = text(change, "identityId");
      return identity == null
          ? Map.of()
          : Map.of("identityId", identityIds.getOrDefault(identity, identity));
    }

    private String identity(Change change) {
      IdentityAdministration.Written written =
          switch (change.action()) {
            case create -> identities.create(draft(change.name()), request);
            case delete ->
                lifecycle.apply(String.valueOf(change.id()), Transition.DELETE, null, request);
            case update, unchanged ->
                identities.patch(String.valueOf(change.id()), patch(change), null, request);
          };
      wrote(written.sequence(), written.revocation());
      String id = written.view().state().id();
      identityIds.put(change.name(), id);
      return id;
    }

    private String budget(Change change) {
      String id = identityIds.get(change.name());
      ConfigDocument.BudgetEntry entry = budgets.get(change.name());
      if (id == null || entry == null) {
        throw new RefusedException(
            ErrorCode.IDENTITY_NOT_FOUND, "there is no identity named " + change.name());
      }
      IdentityRules.budget(entry.limits());
      IdentityPatch patch = new IdentityPatch(null, null, null, null, entry.limits(), null);
      IdentityAdministration.Written written = identities.patch(id, patch, null, request);
      wrote(written.sequence(), written.revocation());
      return id;
    }

    private IdentityDraft draft(String name) {
      IdentityEntry entry = Objects.requireNonNull(entries.get(name));
      String sponsor = entry.sponsor();
      IdentityRules.identity(
          entry.name(), sponsor, entry.scopes(), entry.metadata(), entry.expiresAt(), clock);
      return new IdentityDraft(
          name,
          entry.type() == null ? IdentityState.Type.agent : entry.type(),
          identityIds.getOrDefault(sponsor, String.valueOf(sponsor)),
          entry.workspaceId(),
          entry.scopes(),
          roles(entry),
          entry.metadata() == null ? Map.of() : entry.metadata(),
          null,
          entry.expiresAt());
    }

    private IdentityPatch patch(Change change) {
      IdentityEntry entry = Objects.requireNonNull(entries.get(change.name()));
      IdentityRules.identity(
          entry.name(), "", entry.scopes(), entry.metadata(), entry.expiresAt(), clock);
      return new IdentityPatch(
          null,
          change.diff().containsKey("scopes") ? entry.scopes() : null,
          change.diff().containsKey("roles") ? roles(entry) : null,
          metadata(change, entry),
          null,
          change.diff().containsKey("expiresAt") ? entry.expiresAt() : null);
    }

    /** The file's metadata is all there is: what it doesn't have any more is removed. */
    private @Nullable Map<String, @Nullable String> metadata(Change change, IdentityEntry entry) {
      Change.Edit edit = change.diff().get("metadata");
      if (edit == null || entry.metadata() == null) {
        return null;
      }
      Map<String, @Nullable String> result = new LinkedHashMap<>();
      if (edit.from() instanceof Map<?, ?> old) {
        old.keySet().forEach(key -> result.put(String.valueOf(key), null));
      }
      result.putAll(entry.metadata());
      return result;
    }

    private List<String> roles(IdentityEntry entry) {
      return Surroundings.each(entry.roles()).stream()
          .distinct()
          .map(role -> roleIds.getOrDefault(role, role))
          .toList();
    }

    private @Nullable String text(Change change, String member) {
      Change.Edit edit = change.diff().get(member);
      return edit == null || edit.to() == null ? null : String.valueOf(edit.to());
    }
  }
}
