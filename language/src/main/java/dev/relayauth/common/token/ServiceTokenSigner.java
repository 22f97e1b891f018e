package dev.relayauth.common.token;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;

/** Signs the tokens by which one of our services calls another. Safe for use by many threads. */
public final class ServiceTokenSigner {
  /** The issuer of all service tokens, never that of a user's. */
  public static final String ISSUER = "relayauth-internal";

  /** How long one is valid. */
  public static final long LIFETIME_SECONDS = 60;

  private final SigningKey key;
  private final CompactSigner signer;
  private final InstantSource clock;

  /**
   * A signer for one service.
   *
   * @param key that service's own; its {@code kid} is the service's name
   */
  public ServiceTokenSigner(SigningKey key, CryptoProvider crypto, InstantSource clock) {
    this.key = key;
    this.signer = new CompactSigner(key, crypto);
    this.clock = clock;
  }

  /** A token good for calls to {@code audience} for the next minute. */
  public String sign(String audience) {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("sub", key.kid());
    claims.put("aud", audience);
    claims.put("iat", now);
    claims.put("exp", now + LIFETIME_SECONDS);
    return signer.sign(JwtType.SERVICE_TOKEN, JsonUtil.toJson(claims));
  }

  @Override
  public String toString() {
    return "ServiceTokenSigner[" + key + "]";
  }
}
