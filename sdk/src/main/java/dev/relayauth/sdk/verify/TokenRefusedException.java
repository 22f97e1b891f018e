package dev.relayauth.sdk.verify;

/** A token is not good, or nobody can know now whether it is. Says nothing of the token itself. */
public final class TokenRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  TokenRefusedException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** Why it is refused. */
  public Reason reason() {
    return reason;
  }

  /** Why a token is refused. */
  public enum Reason {
    /** Not a token of ours: form, algorithm, key, signature, type, issuer or audience. */
    INVALID,
    EXPIRED,
    /** Of another organisation. */
    WRONG_ORGANIZATION,
    REVOKED,
    /** It is bound to a key (RFC 9449), and came without a proof, or as a bearer token. */
    PROOF_REQUIRED,
    /** The proof that came with it proves nothing, or another key. */
    PROOF_INVALID,
    /** The revocation feed is older than the bound: it fails closed. */
    FEED_STALE,
    /** The published keys can't be had. */
    KEYS_UNAVAILABLE
  }
}
