package dev.relayauth.common.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may call a route. */
public sealed interface AccessRule {
  /** Anyone. */
  record Anyone() implements AccessRule {}

  /** Another of our services. */
  record Services() implements AccessRule {}

  /** Nobody: the route has no rule. */
  record Nobody() implements AccessRule {}

  /**
   * Callers with a credential.
   *
   * @param required the scopes a tenant's credential must cover
   * @param unproven whether a credential whose revocation can't be known is let through
   */
  record Credentials(
      List<Scope> required,
      boolean tenants,
      boolean platform,
      WorkspaceTokens workspaceTokens,
      boolean unproven)
      implements AccessRule {
    /** A rule for callers whose credential is known to be good. */
    public Credentials(
        List<Scope> required, boolean tenants, boolean platform, WorkspaceTokens workspaceTokens) {
      this(required, tenants, platform, workspaceTokens, false);
    }

    /** Throws what to answer when {@code caller} may not call; returns when it may. */
    public void check(Caller caller) {
      switch (caller) {
        case Caller.Platform ignored -> {
          if (!platform) {
            throw lacking("a credential of an organisation", caller);
          }
        }
        case Caller.Bearer bearer -> checkTenant(bearer);
        case Caller.KeyHolder holder -> {
          checkKind(holder);
          checkTenant(holder);
        }
      }
    }

    private void checkTenant(Caller.Tenant caller) {
      if (!tenants) {
        throw lacking("the platform key", caller);
      }
      if (workspaceTokens == WorkspaceTokens.ONLY
          && !(caller instanceof Caller.KeyHolder holder && holder.isWorkspaceToken())) {
        throw new RefusedException(
            ErrorCode.WORKSPACE_TOKEN_REQUIRED, "this route takes a workspace token only");
      }
      for (Scope scope : required) {
        if (!caller.scopes().covers(scope)) {
          throw lacking(scope.raw(), caller);
        }
      }
    }

    private void checkKind(Caller.KeyHolder holder) {
      if (holder.isWorkspaceToken() && workspaceTokens == WorkspaceTokens.NO) {
        throw new RefusedException(
            ErrorCode.INVALID_API_KEY, "a workspace token is no credential for this route");
      }
    }

    private static RefusedException lacking(String required, Caller caller) {
      ScopeSet actual = caller.scopes();
      return new RefusedException(
          ErrorCode.INSUFFICIENT_SCOPE,
          "this needs " + required,
          Map.of("required", required, "actual", actual.toList()));
    }
  }

  /** Whether workspace tokens are a credential for a route. */
  enum WorkspaceTokens {
    NO,
    TOO,
    ONLY
  }

  /** The rule that a resource method carries. */
  static AccessRule of(AnnotatedElement method) {
    if (method.isAnnotationPresent(Open.class)) {
      return new Anyone();
    }
    if (method.isAnnotationPresent(Internal.class)) {
      return new Services();
    }
    boolean platformOnly = method.isAnnotationPresent(PlatformOnly.class);
    @Nullable RequiresScope scopes = method.getAnnotation(RequiresScope.class);
    boolean workspaceOnly = method.isAnnotationPresent(WorkspaceTokenOnly.class);
    if (scopes == null && !platformOnly && !workspaceOnly) {
      return new Nobody();
    }
    List<Scope> required =
        Optional.ofNullable(scopes).stream()
            .flatMap(s -> Arrays.stream(s.value()))
            .map(Scope::parse)
            .toList();
    return new Credentials(
        required,
        !platformOnly,
        platformOnly || method.isAnnotationPresent(PlatformToo.class),
        workspaceTokens(method, workspaceOnly),
        method.isAnnotationPresent(DeniesWhenStale.class));
  }

  private static WorkspaceTokens workspaceTokens(AnnotatedElement method, boolean only) {
    if (only) {
      return WorkspaceTokens.ONLY;
    }
    return method.isAnnotationPresent(WorkspaceTokenToo.class)
        ? WorkspaceTokens.TOO
        : WorkspaceTokens.NO;
  }
}
