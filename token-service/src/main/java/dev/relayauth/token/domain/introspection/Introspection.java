package dev.relayauth.token.domain.introspection;

import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.token.Expectations;
import dev.relayauth.common.token.TokenVerifier;
import dev.relayauth.common.token.Verification;
import java.util.Optional;

/** Tells what a token sent as data says, to its own organisation alone. Memory only. */
public final class Introspection {
  private final TokenVerifier verifier;
  private final RevocationSet revocations;
  private final Expectations expectations;

  /** Introspection of tokens of {@code issuer}. */
  public Introspection(TokenVerifier verifier, RevocationSet revocations, String issuer) {
    this.verifier = verifier;
    this.revocations = revocations;
    this.expectations = Expectations.data(issuer);
  }

  /**
   * The token, when it is active (RFC 7662 §2.2) and of {@code org}; why it is not, nobody learns.
   */
  public Optional<Verification.Valid> active(String token, String org) {
    return active(token).filter(valid -> valid.claims().org().equals(org));
  }

  /** The token, when it is active; for those who hold it. */
  public Optional<Verification.Valid> active(String token) {
    return switch (verifier.verify(token, expectations)) {
      case Verification.Invalid ignored -> Optional.empty();
      case Verification.Valid valid ->
          revocations.match(valid).isEmpty() ? Optional.of(valid) : Optional.empty();
    };
  }
}
