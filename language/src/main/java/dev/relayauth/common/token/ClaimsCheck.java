package dev.relayauth.common.token;

import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Reason;
import dev.relayauth.common.token.Verification.Valid;
import java.time.InstantSource;
import java.util.Optional;

/** The checks that depend on the place and the moment, so that they run on each use of a token. */
final class ClaimsCheck {
  /** How far two clocks may differ. */
  static final long LEEWAY_SECONDS = 30;

  private final InstantSource clock;

  ClaimsCheck(InstantSource clock) {
    this.clock = clock;
  }

  Verification apply(Verification read, Expectations expected) {
    if (read instanceof Valid valid) {
      Optional<Invalid> refused = refuse(valid.claims(), expected);
      return refused.isPresent() ? refused.get() : valid;
    }
    return read;
  }

  private Optional<Invalid> refuse(Claims claims, Expectations expected) {
    if (!claims.tokenType().equals(Claims.ACCESS)) {
      return invalid(Reason.TYPE, "token_type is not access");
    }
    if (!claims.iss().equals(expected.issuer())) {
      return invalid(Reason.ISSUER, "iss is not the expected issuer");
    }
    if (expected.audience() != null && !claims.aud().contains(expected.audience())) {
      return invalid(Reason.AUDIENCE, "aud doesn't name this audience");
    }
    return refuseTimes(claims.exp(), claims.nbf(), claims.iat());
  }

  Optional<Invalid> refuseTimes(long exp, long nbf, long iat) {
    long now = clock.instant().getEpochSecond();
    if (now >= exp + LEEWAY_SECONDS) {
      return invalid(Reason.EXPIRED, "the token has expired");
    }
    if (Math.max(nbf, iat) > now + LEEWAY_SECONDS) {
      return invalid(Reason.NOT_YET_VALID, "the token is not valid yet");
    }
    return Optional.empty();
  }

  private static Optional<Invalid> invalid(Reason reason, String detail) {
    return Optional.of(new Invalid(reason, detail));
  }
}
