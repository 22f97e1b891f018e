package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.scope.ScopeSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of the routes' bodies, for what arrives by another way. Each throws a 400. */
public final class IdentityRules {
  private static final int MAX_EMAIL = 254;

  private IdentityRules() {}

  /** A sponsor. */
  public static void sponsor(String id, @Nullable String name, @Nullable String email) {
    new Violations()
        .check(
            IdFormat.isValid(IdPrefix.SPONSOR, id),
            "/sponsors/" + id,
            "must be user_ and 1 to 64 URL-safe characters")
        .text(name, "/sponsors/" + id + "/name")
        .optionalText(email, "/sponsors/" + id + "/email", MAX_EMAIL)
        .throwIfAny();
  }

  /** An identity. */
  public static void identity(
      @Nullable String name,
      @Nullable String sponsor,
      @Nullable List<String> scopes,
      @Nullable Map<String, String> metadata,
      @Nullable Instant expiresAt,
      InstantSource clock) {
    String pointer = "/identities/" + name;
    Bodies.end(new Violations(), expiresAt, clock.instant())
        .text(name, pointer)
        .check(sponsor != null, pointer + "/sponsor", "is required")
        .list(scopes, pointer + "/scopes", ScopeSet.MAX_SIZE)
        .metadata(metadata, pointer + "/metadata")
        .throwIfAny();
  }

  /** A budget. */
  public static void budget(BudgetLimits limits) {
    IdentityBody.budget(new Violations(), limits).throwIfAny();
  }
}
