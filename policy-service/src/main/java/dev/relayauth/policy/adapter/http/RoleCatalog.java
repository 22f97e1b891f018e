package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.RoleState;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.policy.adapter.postgres.RoleStore;
import dev.relayauth.policy.domain.administration.BuiltInRoles;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The roles of an organisation, the built-in ones among them. Blocking. */
@Singleton
public final class RoleCatalog {
  private final Transactions transactions;
  private final RoleStore store;

  RoleCatalog(Transactions transactions, RoleStore store) {
    this.transactions = transactions;
    this.store = store;
  }

  /** The role, or a refusal. */
  RoleState get(String org, String id) {
    return find(org, List.of(id)).stream().findFirst().orElseThrow(RoleCatalog::notFound);
  }

  /** Those of the roles that exist, in the order asked for. */
  List<RoleState> find(String org, List<String> ids) {
    List<RoleState> own = transactions.read(tx -> store.find(tx, org, ids));
    List<RoleState> found = new ArrayList<>();
    for (String id : ids) {
      BuiltInRoles.find(org, id)
          .or(() -> own.stream().filter(role -> role.id().equals(id)).findFirst())
          .ifPresent(found::add);
    }
    return found;
  }

  /**
   * At most {@code limit} roles after the cursor, newest first; the built-in ones are the oldest.
   */
  List<RoleState> list(String org, @Nullable Cursor after, int limit) {
    List<RoleState> roles =
        new ArrayList<>(transactions.read(tx -> store.list(tx, org, after, limit)));
    BuiltInRoles.of(org).stream().filter(role -> isAfter(role, after)).forEach(roles::add);
    return roles.size() <= limit ? roles : roles.subList(0, limit);
  }

  /** Those of the roles that come after the cursor, newest first. */
  List<RoleState> of(String org, List<String> ids, @Nullable Cursor after) {
    return find(org, ids).stream()
        .filter(role -> isAfter(role, after))
        .sorted(Comparator.comparing(RoleState::createdAt).thenComparing(RoleState::id).reversed())
        .toList();
  }

  private static boolean isAfter(RoleState role, @Nullable Cursor cursor) {
    return cursor == null
        || role.createdAt().isBefore(cursor.createdAt())
        || (role.createdAt().equals(cursor.createdAt()) && role.id().compareTo(cursor.id()) < 0);
  }

  static RefusedException notFound() {
    return new RefusedException(ErrorCode.ROLE_NOT_FOUND, "there is no such role");
  }
}
