package dev.relayauth.revocation.domain.signal;

import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.RevocationOrder;
import dev.relayauth.revocation.domain.entry.Target;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that receivers are told of.
 *
 * @param subject whom it is about (SSF 1.0 §3)
 * @param identity whose claims changed; what they are is asked when the event is signed
 * @param transaction what it comes from ({@code txn}, RFC 8417 §2.2)
 */
public record Signal(
    SignalType type,
    Map<String, Object> subject,
    Map<String, Object> details,
    @Nullable String identity,
    @Nullable String transaction) {
  private static final String FORMAT = "format";
  private static final String OPAQUE = "opaque";

  /** Copies the maps. */
  public Signal {
    subject = Map.copyOf(subject);
    details = Map.copyOf(details);
  }

  /**
   * What an entry means to receivers; empty for a signing key, which the JWKS tells of, and for a
   * reactivation, which takes nothing away.
   *
   * @param issuer of the tokens
   * @param reopens whether it replaces a closed entry by an open one
   */
  public static Optional<Signal> of(
      Revocation entry, RevocationOrder order, boolean reopens, String issuer) {
    Target target = entry.target();
    if (reopens || target.org().isEmpty()) {
      return Optional.empty();
    }
    boolean narrowed =
        !order.asked() && !entry.closed() && target.kind().wireName().equals("identity");
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("event_timestamp", entry.effectiveAt().getEpochSecond());
    details.put("initiating_entity", order.initiator().name());
    if (entry.reason() != null) {
      details.put("reason_admin", Map.of("en", entry.reason()));
    }
    return Optional.of(
        new Signal(
            narrowed ? SignalType.TOKEN_CLAIMS_CHANGE : SignalType.SESSION_REVOKED,
            subject(target, issuer),
            details,
            narrowed ? target.id() : null,
            entry.id()));
  }

  /** SSF 1.0 §8.1.4.1. */
  public static Signal verification(String stream, @Nullable String state) {
    Map<String, Object> details = state == null ? Map.of() : Map.of("state", state);
    return new Signal(SignalType.VERIFICATION, opaque(stream), details, null, null);
  }

  /** SSF 1.0 §8.1.5. */
  public static Signal updated(String stream, String status, @Nullable String reason) {
    Map<String, Object> details =
        reason == null ? Map.of("status", status) : Map.of("status", status, "reason", reason);
    return new Signal(SignalType.STREAM_UPDATED, opaque(stream), details, null, null);
  }

  /** The claims of the event, without those that the signer adds: {@code iss} and {@code aud}. */
  public Map<String, Object> claims(String jti, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", jti);
    claims.put("iat", now.getEpochSecond());
    claims.put("sub_id", subject);
    claims.put("events", Map.of(type.uri(), details));
    if (transaction != null) {
      claims.put("txn", transaction);
    }
    return claims;
  }

  private static Map<String, Object> subject(Target target, String issuer) {
    Map<String, Object> person = Map.of(FORMAT, "iss_sub", "iss", issuer, "sub", target.id());
    return switch (target.kind()) {
      case TOKEN -> jwt(target, issuer);
      // A token that has been exchanged is a JWT, a workspace token and an API key are none.
      case PARENT ->
          target.id().startsWith(IdPrefix.TOKEN.text()) ? jwt(target, issuer) : opaque(target.id());
      case CREDENTIAL -> opaque(target.id());
      case SESSION -> within(target, "session", opaque(target.id()));
      case IDENTITY, SPONSOR -> within(target, "user", person);
      case WORKSPACE -> within(target, "org_unit", opaque(target.id()));
      case ORGANIZATION -> Map.of(FORMAT, "complex", "tenant", opaque(target.org()));
      case KEY -> opaque(target.id());
    };
  }

  private static Map<String, Object> within(
      Target target, String member, Map<String, Object> what) {
    return Map.of(FORMAT, "complex", member, what, "tenant", opaque(target.org()));
  }

  private static Map<String, Object> jwt(Target target, String issuer) {
    return Map.of(FORMAT, "jwt_id", "iss", issuer, "jti", target.id());
  }

  private static Map<String, Object> opaque(String id) {
    return Map.of(FORMAT, OPAQUE, "id", id);
  }
}
