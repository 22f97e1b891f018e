package dev.relayauth.revocation.domain.signal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The events that a receiver may be told of. */
public enum SignalType {
  /** CAEP 1.0 §3.1. */
  SESSION_REVOKED("https://schemas.openid.net/secevent/caep/event-type/session-revoked"),
  /** CAEP 1.0 §3.2. */
  TOKEN_CLAIMS_CHANGE("https://schemas.openid.net/secevent/caep/event-type/token-claims-change"),
  /** SSF 1.0 §8.1.4.1: asked for by the receiver, whatever it has requested. */
  VERIFICATION("https://schemas.openid.net/secevent/ssf/event-type/verification"),
  /** SSF 1.0 §8.1.5: told whatever the receiver has requested. */
  STREAM_UPDATED("https://schemas.openid.net/secevent/ssf/event-type/stream-updated");

  private static final List<SignalType> SUPPORTED = List.of(SESSION_REVOKED, TOKEN_CLAIMS_CHANGE);

  private final String uri;

  SignalType(String uri) {
    this.uri = uri;
  }

  /** The type as events carry it. */
  public String uri() {
    return uri;
  }

  /** Those that a receiver may request. */
  public static List<SignalType> supported() {
    return SUPPORTED;
  }

  /** The type of that URI. */
  public static Optional<SignalType> ofUri(String uri) {
    return Arrays.stream(values()).filter(type -> type.uri.equals(uri)).findFirst();
  }
}
