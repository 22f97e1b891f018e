package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Verification;
import dev.relayauth.token.adapter.postgres.PostgresClientKeys;
import dev.relayauth.token.domain.issuing.Ancestry;
import dev.relayauth.token.domain.issuing.Credential;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the caller's credential stands for when it issues. */
@Singleton
public final class IssuingCredential {
  private final RevocationProjection revocations;

  IssuingCredential(RevocationProjection revocations) {
    this.revocations = revocations;
  }

  /**
   * The credential, held against the revocations again: an entry that arrived after the request was
   * let in counts towards the {@code rev} of what it issues, which it would not kill.
   */
  public Credential of(Caller.Tenant caller) {
    return switch (caller) {
      case Caller.Bearer bearer -> of(bearer.token());
      case Caller.KeyHolder holder -> {
        ApiKeyState key = holder.key();
        if (isRevoked(
            key.id(),
            RevocationSubject.ofCredential(
                holder.org(), key.id(), key.workspaces(), key.people(), key.rev()))) {
          throw new RefusedException(
              holder.isWorkspaceToken()
                  ? ErrorCode.WORKSPACE_TOKEN_REVOKED
                  : ErrorCode.INVALID_API_KEY,
              "the credential has been revoked");
        }
        List<String> lineage = new ArrayList<>(List.of(key.id()));
        lineage.addAll(key.people());
        lineage.addAll(key.workspaces());
        yield new Credential(holder.scopes(), lineage, Optional.ofNullable(key.expiresAt()));
      }
    };
  }

  /** The key by which an identity signs as a client; empty when it has been revoked. */
  public Optional<Credential> of(PostgresClientKeys.Registered key, IdentityState identity) {
    boolean revoked =
        isRevoked(
            key.id(),
            RevocationSubject.ofCredential(
                key.org(),
                key.id(),
                Optional.ofNullable(identity.workspaceId()).stream().toList(),
                identity.sponsorChain(),
                key.rev()));
    return revoked
        ? Optional.empty()
        : Optional.of(new Credential(ScopeSet.lenient(key.scopes()), List.of(key.id())));
  }

  /** Any entry that names the credential itself counts, an open one too. */
  private boolean isRevoked(String id, RevocationSubject subject) {
    return revocations.set().match(subject).isPresent()
        || revocations.set().find(subject.org(), RevocationKind.CREDENTIAL, id).isPresent()
        || revocations.set().find(subject.org(), RevocationKind.PARENT, id).isPresent();
  }

  private Credential of(Verification.Valid token) {
    if (revocations.set().match(token).isPresent()) {
      throw new RefusedException(ErrorCode.TOKEN_REVOKED, "the token has been revoked");
    }
    // What kills this token is forgotten soon after its end, and must not come back to life then.
    return Credential.until(
        Instant.ofEpochSecond(token.claims().exp()),
        token.scopes(),
        Ancestry.ofIssuer(token.claims()));
  }
}
