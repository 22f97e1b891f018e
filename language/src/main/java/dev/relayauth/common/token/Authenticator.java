package dev.relayauth.common.token;

import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Reason;
import java.util.Optional;
import java.util.Set;

/** Checks form, header and signature of a token. What is cheap to refuse is refused first. */
final class Authenticator {
  private final PublicKeys keys;
  private final CryptoProvider crypto;
  private final Set<JwtType> accepted;

  Authenticator(PublicKeys keys, CryptoProvider crypto, Set<JwtType> accepted) {
    this.keys = keys;
    this.crypto = crypto;
    this.accepted = Set.copyOf(accepted);
  }

  Authentication authenticate(String compact) {
    CompactJws jws;
    try {
      jws = CompactJws.parse(compact);
    } catch (StrictJson.Invalid e) {
      return new Invalid(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
    Optional<SigningAlgorithm> algorithm = SigningAlgorithm.ofJwsName(jws.header().alg());
    if (algorithm.isEmpty()) {
      return new Invalid(Reason.ALGORITHM, "alg is not one we accept");
    }
    String typ = jws.header().typ();
    Optional<JwtType> type = typ == null ? Optional.empty() : JwtType.ofHeader(typ);
    if (type.filter(accepted::contains).isEmpty()) {
      return new Invalid(Reason.TYPE, "typ is not one we accept here");
    }
    String kid = jws.header().kid();
    Optional<VerificationKey> key = kid == null ? Optional.empty() : keys.find(kid);
    if (key.isEmpty()) {
      return new Invalid(Reason.UNKNOWN_KEY, "no key of ours has that kid", kid);
    }
    return verify(jws, algorithm.get(), type.get(), key.get());
  }

  private Authentication verify(
      CompactJws jws, SigningAlgorithm algorithm, JwtType type, VerificationKey key) {
    if (key.algorithm() != algorithm) {
      return new Invalid(Reason.ALGORITHM, "alg is not the key's");
    }
    if (!crypto.verify(key, jws.signingInput(), jws.signature()) || hasTwin(algorithm, jws)) {
      return new Invalid(Reason.SIGNATURE, "the signature doesn't verify");
    }
    return new Authentication.Authentic(key, type, jws);
  }

  /** Our signers make the low one; the other was derived from it by someone else. */
  private static boolean hasTwin(SigningAlgorithm algorithm, CompactJws jws) {
    return algorithm == SigningAlgorithm.ES256 && !EcdsaSignature.isLow(jws.signature());
  }
}
