package dev.relayauth.token.adapter.http;

import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.token.domain.issuing.Credential;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the caller's credential stands for when it issues. */
@Singleton
final class IssuingCredential {
  private final RevocationProjection revocations;

  IssuingCredential(RevocationProjection revocations) {
    this.revocations = revocations;
  }

  /**
   * The credential. A bearer is held against the revocations again: an entry that arrived after the
   * request was let in counts towards the {@code rev} of what it issues, which it would not kill.
   */
  Credential of(Caller.Tenant caller) {
    return switch (caller) {
      case Caller.Bearer bearer -> {
        if (revocations.set().match(bearer.token()).isPresent()) {
          throw new RefusedException(ErrorCode.TOKEN_REVOKED, "the token has been revoked");
        }
        Set<String> lineage = new LinkedHashSet<>();
        lineage.add(bearer.token().claims().jti());
        lineage.addAll(bearer.token().claims().lineage());
        yield new Credential(bearer.scopes(), List.copyOf(lineage));
      }
      case Caller.KeyHolder holder -> new Credential(holder.scopes(), List.of(holder.key().id()));
    };
  }
}
