package dev.relayauth.common.token;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys, a clock that stands still until it is moved, and tokens with any header and payload. */
final class TokenFixture implements PublicKeys, InstantSource {
  static final String ISSUER = "https://auth.example";
  static final long NOW = 1_800_000_000L;

  static final SigningKey ED = SigningKey.generate(SigningAlgorithm.EDDSA);
  static final SigningKey EC = SigningKey.generate(SigningAlgorithm.ES256);
  static final SigningKey RSA = SigningKey.generate(SigningAlgorithm.RS256);
  static final CryptoProvider CRYPTO = CryptoProvider.preferred();

  private final Map<String, VerificationKey> keys = new HashMap<>();
  private long now = NOW;

  TokenFixture() {
    List.of(ED, EC, RSA).forEach(key -> keys.put(key.kid(), key.verificationKey()));
  }

  @Override
  public Optional<VerificationKey> find(String kid) {
    return Optional.ofNullable(keys.get(kid));
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(now);
  }

  void move(long seconds) {
    now += seconds;
  }

  void forget(SigningKey key) {
    keys.remove(key.kid());
  }

  void replace(SigningKey key, SigningKey by) {
    keys.put(key.kid(), new VerificationKey(key.kid(), by.algorithm(), by.publicKey()));
  }

  static ClaimsBuilder claims() {
    return Claims.builder()
        .iss(ISSUER)
        .sub("agent_1")
        .aud(List.of("relayauth", "stripe"))
        .exp(NOW + 3600)
        .iat(NOW)
        .nbf(NOW)
        .jti("tok_1")
        .clientId("ak_1")
        .scopes(List.of("stripe:orders:read", "relaycast:channel:write:#billing"))
        .org("org_acme")
        .sid("sess_1")
        .sponsorId("user_jane")
        .sponsorChain(List.of("user_jane", "agent_1"))
        .rev(7);
  }

  static String token() {
    return signed(ED, claims().build());
  }

  static String signed(SigningKey key, Claims claims) {
    return new TokenSigner(key, CRYPTO).sign(claims, JwtType.JWT);
  }

  static String header(SigningKey key) {
    return header(key.algorithm().jwsName(), key.kid(), "JWT");
  }

  static String header(String alg, String kid, String typ) {
    return "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"%s\"}".formatted(alg, kid, typ);
  }

  static String payload() {
    return ClaimsJson.write(claims().build());
  }

  static String forge(SigningKey key, String header, String payload) {
    String input = encode(header) + "." + encode(payload);
    return input + "." + encode(CRYPTO.sign(key, input.getBytes(StandardCharsets.US_ASCII)));
  }

  static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
