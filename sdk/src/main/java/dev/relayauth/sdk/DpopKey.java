package dev.relayauth.sdk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.Sha256;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key that an agent proves to hold (DPoP, RFC 9449): a token that is bound to it is of no use to
 * whoever steals the token alone. The private half never leaves it. Safe for any thread.
 */
public final class DpopKey {
  /** The header that carries a proof, and the scheme of a token that needs one. */
  public static final String HEADER = "DPoP";

  private final SigningKey key;
  private final InstantSource clock;
  private final String header;

  DpopKey(SigningKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
    this.header = encode(headerOf(key));
  }

  /** A new key (ES256). */
  public static DpopKey generate() {
    return new DpopKey(SigningKey.generate(SigningAlgorithm.ES256), InstantSource.system());
  }

  /** The thumbprint (RFC 7638) that a bound token names in {@code cnf.jkt}. */
  public String thumbprint() {
    return key.kid();
  }

  /** A proof for one request without a token, such as one for a token. */
  public String proof(String method, URI address) {
    return sign(method, address, null);
  }

  /** A proof for one request that presents {@code token}, as {@code Authorization: DPoP}. */
  public String proof(String method, URI address, Secret token) {
    return sign(method, address, token);
  }

  private String sign(String method, URI address, @Nullable Secret token) {
    // RFC 9449 §4.2; nothing in it can be used a second time.
    ObjectNode claims = Transport.JSON.createObjectNode();
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("htm", method);
    claims.put("htu", withoutQuery(address));
    claims.put("iat", clock.instant().getEpochSecond());
    if (token != null) {
      claims.put("ath", Sha256.base64Url(token.value()));
    }
    String input = header + "." + encode(claims);
    byte[] signature =
        CryptoProvider.preferred().sign(key, input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + encode(signature);
  }

  private static JsonNode headerOf(SigningKey key) {
    ObjectNode header = Transport.JSON.createObjectNode();
    header.put("typ", "dpop+jwt");
    header.put("alg", key.algorithm().jwsName());
    try {
      header.set("jwk", Transport.JSON.readTree(key.verificationKey().toJwk()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JWK is JSON", e);
    }
    return header;
  }

  private static String withoutQuery(URI address) {
    String text = address.toString();
    int end = text.length();
    for (char mark : new char[] {'?', '#'}) {
      int at = text.indexOf(mark);
      end = at < 0 ? end : Math.min(end, at);
    }
    return text.substring(0, end);
  }

  private static String encode(JsonNode json) {
    return encode(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "DpopKey[thumbprint=" + thumbprint() + "]";
  }
}
