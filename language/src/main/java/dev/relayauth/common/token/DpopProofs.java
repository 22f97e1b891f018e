package dev.relayauth.common.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks DPoP proofs (RFC 9449 §4.3). A proof counts once at a replica, and for a minute; {@code
 * nonce} is not asked for.
 */
public final class DpopProofs {
  /** The header that carries a proof (RFC 9449 §4.1). */
  public static final String HEADER = "DPoP";

  private static final String TYPE = "dpop+jwt";
  private static final int MAX_JTI = 256;
  private static final int MAX_REMEMBERED = 500_000;
  private static final Duration MEMORY = Duration.ofSeconds(150);
  private static final long MAX_AGE_SECONDS = 60;

  private final CryptoProvider crypto;
  private final InstantSource clock;
  private final ReplayGuard replays = new ReplayGuard(MEMORY, MAX_REMEMBERED);

  /** A check by that clock. */
  public DpopProofs(CryptoProvider crypto, InstantSource clock) {
    this.crypto = crypto;
    this.clock = clock;
  }

  /**
   * What came with a request.
   *
   * @param headers every value of the {@code DPoP} header
   * @param url where the request went, as clients write it; its query doesn't count
   */
  public record Presented(List<String> headers, String method, String url) {
    /** Copies the headers. */
    public Presented {
      headers = List.copyOf(headers);
    }

    @Override
    public String toString() {
      return "Presented[" + method + " " + url + "]";
    }
  }

  /** Whether a proof proves something. */
  public sealed interface Result {}

  /** The sender holds the key with that thumbprint. */
  public record Proven(String jkt) implements Result {}

  /** It proves nothing; {@code detail} is for people and quotes nothing of it. */
  public record Refused(String detail) implements Result {}

  /**
   * Checks the proof of a request.
   *
   * @param accessToken the token that it must be made for, when one is presented
   */
  public Result check(Presented presented, @Nullable String accessToken) {
    // RFC 9449 §4.3 (1): exactly one.
    if (presented.headers().size() != 1) {
      return new Refused("send exactly one DPoP header");
    }
    Optional<ForeignJwt> read = ForeignJwt.parse(presented.headers().get(0));
    if (read.isEmpty()) {
      return new Refused("the proof is not a JWT we can read");
    }
    ForeignJwt proof = read.get();
    Optional<VerificationKey> key = proof.embeddedKey();
    // (4) to (7).
    if (proof.header("typ").filter(TYPE::equals).isEmpty()) {
      return new Refused("typ is not " + TYPE);
    }
    if (key.isEmpty() || !proof.isSignedBy(key.get(), crypto)) {
      return new Refused("the proof is not signed by a public key in its header that we accept");
    }
    return check(proof, key.get().kid(), presented, accessToken);
  }

  private Result check(
      ForeignJwt proof, String jkt, Presented presented, @Nullable String accessToken) {
    Optional<String> jti = proof.text("jti").filter(text -> text.length() <= MAX_JTI);
    Optional<Long> iat = proof.time("iat");
    // (3)
    if (jti.isEmpty() || iat.isEmpty()) {
      return new Refused("jti and iat are required");
    }
    // (8), (9)
    if (proof.text("htm").filter(presented.method()::equals).isEmpty()) {
      return new Refused("htm is not the method");
    }
    if (proof.text("htu").flatMap(DpopProofs::normal).isEmpty()
        || !proof.text("htu").flatMap(DpopProofs::normal).equals(normal(presented.url()))) {
      return new Refused("htu is not the address");
    }
    // (11)
    long now = clock.instant().getEpochSecond();
    if (iat.get() < now - MAX_AGE_SECONDS || iat.get() > now + ClaimsCheck.LEEWAY_SECONDS) {
      return new Refused("the proof was not made just now");
    }
    // (12)
    if (accessToken != null && proof.text("ath").filter(hash(accessToken)::equals).isEmpty()) {
      return new Refused("ath is not the hash of the token");
    }
    return replays.isFirst(jkt + " " + jti.get())
        ? new Proven(jkt)
        : new Refused("the proof was used before");
  }

  /**
   * Scheme, host and path in one spelling, without query and fragment (RFC 9449 §4.3, RFC 3986).
   */
  private static Optional<String> normal(String url) {
    try {
      URI uri = new URI(url).normalize();
      if (uri.getScheme() == null || uri.getHost() == null || uri.getUserInfo() != null) {
        return Optional.empty();
      }
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int standard = scheme.equals("https") ? 443 : 80;
      String port = uri.getPort() < 0 || uri.getPort() == standard ? "" : ":" + uri.getPort();
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return Optional.of(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Claim {@code ath} of a token (RFC 9449 §4.2). */
  static String hash(String token) {
    return Sha256.base64Url(token);
  }
}
