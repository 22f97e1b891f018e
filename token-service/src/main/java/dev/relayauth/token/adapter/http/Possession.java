package dev.relayauth.token.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.token.DpopProofs;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** Which key a client without a token has proved to hold (RFC 9449 §5). */
@Singleton
public final class Possession {
  private final DpopProofs proofs;
  private final CurrentRequest request;
  private final String issuer;

  Possession(DpopProofs proofs, CurrentRequest request, RelayAuthConfig config) {
    this.proofs = proofs;
    this.request = request;
    this.issuer = config.issuer();
  }

  /** The thumbprint of the key; empty when the request has no proof, refused when it is no good. */
  public Optional<String> proved(HttpHeaders headers) {
    List<String> sent = headers.getRequestHeaders().getOrDefault(DpopProofs.HEADER, List.of());
    if (sent.isEmpty()) {
      return Optional.empty();
    }
    DpopProofs.Presented presented =
        new DpopProofs.Presented(sent, request.method(), issuer + request.path());
    return switch (proofs.check(presented, null)) {
      case DpopProofs.Proven proven -> Optional.of(proven.jkt());
      case DpopProofs.Refused refused ->
          throw new RefusedException(ErrorCode.INVALID_DPOP_PROOF, refused.detail());
    };
  }
}
