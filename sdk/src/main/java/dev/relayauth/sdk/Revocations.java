package dev.relayauth.sdk;

import dev.relayauth.sdk.Transport.Call;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Taking access away, everywhere. */
public final class Revocations {
  private final Transport transport;

  Revocations(Transport transport) {
    this.transport = transport;
  }

  /** What a revocation kills. */
  public enum Kind {
    TOKEN,
    SESSION,
    IDENTITY,
    SPONSOR,
    WORKSPACE,
    ORGANIZATION,
    KEY;

    String slug() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** How many verifiers had applied it when the answer left, and how long the last one took. */
  public record Acknowledged(int verifiers, double maxMillis) {}

  /** A revocation in force. */
  public record Revocation(String id, Instant effectiveAt, @Nullable Acknowledged acknowledged) {
    /** Present when it was asked to wait for every verifier. */
    public Optional<Acknowledged> acknowledgement() {
      return Optional.ofNullable(acknowledged);
    }
  }

  /** Revokes; effective everywhere in less than a second. */
  public Revocation revoke(Kind kind, String id, String reason) {
    return revoke(kind, id, reason, "none");
  }

  /** Revokes and waits until every live verifier has applied it, or denies anyway. */
  public Revocation revokeAndWait(Kind kind, String id, String reason) {
    return revoke(kind, id, reason, "all");
  }

  private Revocation revoke(Kind kind, String id, String reason, String wait) {
    Map<String, Object> body = new HashMap<>();
    body.put("type", kind.slug());
    body.put("id", id);
    body.put("reason", reason);
    body.put("wait", wait);
    return Transport.await(transport.send(Call.post("/v1/revocations", body), Revocation.class));
  }
}
