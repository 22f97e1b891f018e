package dev.relayauth.common.token;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.PublicJsonWebKey;

/**
 * A JWT that somebody else made: a client's assertion, an outside issuer's token, a DPoP proof.
 * Read strictly and bounded as our own are; nothing it says is believed before {@link #isSignedBy}.
 * No address in its header is ever followed.
 */
public final class ForeignJwt {
  private final Map<String, Object> header;
  private final Map<String, Object> claims;
  private final byte[] signingInput;
  private final byte[] signature;

  private ForeignJwt(
      Map<String, Object> header,
      Map<String, Object> claims,
      byte[] signingInput,
      byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  /** Reads the compact form; empty when it isn't one, is too large, or has a duplicate member. */
  public static Optional<ForeignJwt> parse(String compact) {
    int first = compact.indexOf('.');
    int second = compact.indexOf('.', first + 1);
    if (compact.length() > CompactJws.MAX_LENGTH
        || first < 0
        || second < 0
        || compact.indexOf('.', second + 1) >= 0) {
      return Optional.empty();
    }
    try {
      Map<String, Object> header = read(compact.substring(0, first));
      // RFC 7515 §4.1.11: we know no extension, so one that must be understood refuses the token.
      if (header.containsKey("crit")) {
        return Optional.empty();
      }
      return Optional.of(
          new ForeignJwt(
              header,
              read(compact.substring(first + 1, second)),
              compact.substring(0, second).getBytes(StandardCharsets.US_ASCII),
              CompactJws.decode(compact.substring(second + 1))));
    } catch (StrictJson.Invalid e) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> read(String part) throws StrictJson.Invalid {
    return StrictJson.readMap(CompactJws.decode(part));
  }

  /** Whether {@code key} made its signature, with the key's own algorithm. */
  public boolean isSignedBy(VerificationKey key, CryptoProvider crypto) {
    return header("alg").filter(key.algorithm().jwsName()::equals).isPresent()
        && crypto.verify(key, signingInput, signature);
  }

  /** A header member that is text. */
  public Optional<String> header(String name) {
    return header.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A claim that is text and not empty. */
  public Optional<String> text(String name) {
    return claims.get(name) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** A claim that is a NumericDate (RFC 7519 §2), in whole seconds. */
  public Optional<Long> time(String name) {
    return claims.get(name) instanceof BigDecimal number
            && number.signum() >= 0
            && number.compareTo(BigDecimal.valueOf(StrictJson.MAX_TIME)) <= 0
        ? Optional.of(number.setScale(0, RoundingMode.FLOOR).longValueExact())
        : Optional.empty();
  }

  /** Whether it has a claim of that name at all. */
  public boolean has(String name) {
    return claims.containsKey(name);
  }

  /** Claim {@code aud}: one text or several (RFC 7519 §4.1.3). */
  public List<String> audience() {
    Object audience = claims.get("aud");
    if (audience instanceof String one) {
      return List.of(one);
    }
    return audience instanceof List<?> several
        ? several.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /**
   * The public key in the header ({@code jwk}), named by its thumbprint; empty when there is none,
   * it is of no kind we accept, or its private half is there too (RFC 9449 §4.3).
   */
  public Optional<VerificationKey> embeddedKey() {
    if (!(header.get("jwk") instanceof Map<?, ?> members) || members.containsKey("d")) {
      return Optional.empty();
    }
    return publicKey(members);
  }

  @SuppressWarnings("unchecked")
  private static Optional<VerificationKey> publicKey(Map<?, ?> members) {
    return JoseKeys.read((Map<String, Object>) members)
        .map(PublicJsonWebKey::getPublicKey)
        .flatMap(
            key ->
                SigningAlgorithm.ofKey(key)
                    .map(
                        algorithm ->
                            new VerificationKey(JoseKeys.thumbprint(key), algorithm, key)));
  }

  @Override
  public String toString() {
    return "ForeignJwt[redacted]";
  }
}
