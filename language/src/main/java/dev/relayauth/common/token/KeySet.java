package dev.relayauth.common.token;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** An immutable set of public keys, in order, as a JWK Set document holds it (RFC 7517 §5). */
public final class KeySet implements PublicKeys {
  private static final KeySet EMPTY = new KeySet(Map.of());

  private final Map<String, VerificationKey> keys;

  private KeySet(Map<String, VerificationKey> keys) {
    this.keys = keys;
  }

  /** No key at all. */
  public static KeySet empty() {
    return EMPTY;
  }

  /**
   * The set of these keys.
   *
   * @throws InvalidJwkException when two share a name
   */
  public static KeySet of(Collection<VerificationKey> keys) {
    Map<String, VerificationKey> byKid = new LinkedHashMap<>();
    for (VerificationKey key : keys) {
      if (byKid.putIfAbsent(key.kid(), key) != null) {
        throw new InvalidJwkException("two keys with one kid");
      }
    }
    return new KeySet(byKid);
  }

  /**
   * Reads a JWK Set. Keys that aren't for our algorithms are left out; symmetric ones always are.
   *
   * @throws InvalidJwkException when it isn't a JWK Set, or two keys share a name
   */
  public static KeySet parse(String json) {
    return of(
        members(json).stream()
            .flatMap(members -> JoseKeys.read(members).stream())
            .flatMap(jwk -> JoseKeys.usable(jwk).stream())
            .toList());
  }

  private static List<Map<String, Object>> members(String json) {
    try {
      List<Map<String, Object>> found = new ArrayList<>();
      if (JsonUtil.parseJson(json).get(JsonWebKeySet.JWK_SET_MEMBER_NAME) instanceof List<?> keys) {
        for (Object key : keys) {
          found.add(asMembers(key));
        }
        return found;
      }
    } catch (JoseException | RuntimeException e) {
      throw new InvalidJwkException("not a JWK Set");
    }
    throw new InvalidJwkException("not a JWK Set");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMembers(Object key) {
    if (key instanceof Map<?, ?> members) {
      return (Map<String, Object>) members;
    }
    throw new InvalidJwkException("not a JWK Set");
  }

  /** The JWK Set document; never a private member. */
  public String toJson() {
    JsonWebKeySet set = new JsonWebKeySet();
    keys.values().forEach(key -> set.addJsonWebKey(JoseKeys.publicJwk(key)));
    return set.toJson();
  }

  @Override
  public Optional<VerificationKey> find(String kid) {
    return Optional.ofNullable(keys.get(kid));
  }

  /** All keys, in order. */
  public List<VerificationKey> keys() {
    return List.copyOf(keys.values());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KeySet other && keys.equals(other.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  @Override
  public String toString() {
    return "KeySet" + keys.keySet();
  }
}
