package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.token.Verification;
import dev.relayauth.token.domain.issuing.Ancestry;
import dev.relayauth.token.domain.issuing.Credential;
import jakarta.inject.Singleton;
import java.util.List;

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
        RevocationSubject subject =
            RevocationSubject.ofCredential(
                holder.org(), holder.key().id(), holder.key().workspaceId(), holder.key().people());
        boolean revoked =
            revocations.set().match(subject).isPresent()
                || isNamed(holder, RevocationKind.CREDENTIAL)
                || isNamed(holder, RevocationKind.PARENT);
        if (revoked) {
          throw new RefusedException(
              holder.isWorkspaceToken()
                  ? ErrorCode.WORKSPACE_TOKEN_REVOKED
                  : ErrorCode.INVALID_API_KEY,
              "the credential has been revoked");
        }
        yield new Credential(holder.scopes(), List.of(holder.key().id()));
      }
    };
  }

  private boolean isNamed(Caller.KeyHolder holder, RevocationKind kind) {
    return revocations.set().find(holder.org(), kind, holder.key().id()).isPresent();
  }

  private Credential of(Verification.Valid token) {
    if (revocations.set().match(token).isPresent()) {
      throw new RefusedException(ErrorCode.TOKEN_REVOKED, "the token has been revoked");
    }
    return new Credential(token.scopes(), Ancestry.of(token.claims()));
  }
}
