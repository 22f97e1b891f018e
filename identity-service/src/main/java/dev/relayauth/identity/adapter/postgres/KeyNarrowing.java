package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.grant.EffectiveGrants;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.identity.adapter.internal.KnownRoles;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an identity loses, its keys and those of the agents under it lose in the same write. */
@Singleton
final class KeyNarrowing {
  private final ApiKeyStore keys;
  private final KnownRoles roles;
  private final Publication publication;

  KeyNarrowing(ApiKeyStore keys, KnownRoles roles, Publication publication) {
    this.keys = keys;
    this.roles = roles;
    this.publication = publication;
  }

  /** Takes from the keys what the identity held before and doesn't hold now. */
  void narrow(Transaction tx, IdentityState before, IdentityState now, @Nullable String traceparent)
      throws SQLException {
    take(
        tx,
        now,
        EffectiveGrants.own(before, roles::scopes),
        EffectiveGrants.own(now, roles::scopes),
        traceparent);
  }

  /** Takes from the keys what a role of the identity gave and doesn't give now. */
  void narrow(
      Transaction tx, IdentityState holder, String role, List<String> gave, List<String> gives)
      throws SQLException {
    take(tx, holder, grants(holder, role, gave), grants(holder, role, gives), null);
  }

  /** What an identity holds by itself, and by a role that gives that. */
  private ScopeSet grants(IdentityState holder, String role, List<String> given) {
    ScopeSet others =
        EffectiveGrants.own(
            holder, (identity, id) -> id.equals(role) ? List.of() : roles.scopes(identity, id));
    return ScopeSet.ofScopes(
        Stream.concat(others.stream(), ScopeSet.lenient(given).stream()).toList());
  }

  private void take(
      Transaction tx, IdentityState now, ScopeSet held, ScopeSet left, @Nullable String traceparent)
      throws SQLException {
    for (ApiKeyState key : keys.lockUnder(tx, now.orgId(), now.id())) {
      List<String> kept = kept(ScopeSet.lenient(key.scopes()), held, left);
      if (!kept.equals(ScopeSet.lenient(key.scopes()).toList())) {
        ApiKeyState narrowed = keys.narrow(tx, key.id(), kept);
        publication.publish(
            tx, EntityKind.API_KEY, "updated", key.orgId(), key.id(), traceparent, narrowed::at);
      }
    }
  }

  private static List<String> kept(ScopeSet scopes, ScopeSet held, ScopeSet left) {
    List<Scope> kept = new ArrayList<>();
    for (Scope scope : scopes.stream().toList()) {
      if (left.covers(scope) || !held.covers(scope)) {
        kept.add(scope);
      } else {
        left.stream().map(scope::meet).flatMap(Optional::stream).forEach(kept::add);
      }
    }
    return ScopeSet.ofScopes(kept).toList();
  }
}
