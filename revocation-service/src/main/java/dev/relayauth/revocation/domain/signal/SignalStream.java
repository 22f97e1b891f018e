package dev.relayauth.revocation.domain.signal;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of an organisation.
 *
 * @param endpoint where its events are pushed (RFC 8935); null when it polls (RFC 8936)
 * @param authorization the Authorization header of pushes
 * @param requested the types it asked for, of which unknown ones are never delivered
 */
public record SignalStream(
    String id,
    String org,
    String actorId,
    @Nullable String endpoint,
    @Nullable String authorization,
    List<String> requested,
    @Nullable String description,
    Status status,
    @Nullable String reason,
    Instant createdAt) {

  /** Copies the list. */
  public SignalStream {
    requested = List.copyOf(requested);
  }

  /** SSF 1.0 §8.1.2. */
  public enum Status {
    /** Events are delivered. */
    ENABLED,
    /** Events are kept, and delivered later. */
    PAUSED,
    /** Events are neither kept nor delivered. */
    DISABLED;

    /** The status as it is written. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What it is told of: of all that is supported when it asked for nothing in particular. */
  public List<String> delivered() {
    Set<String> wanted = Set.copyOf(requested);
    return SignalType.supported().stream()
        .map(SignalType::uri)
        .filter(uri -> wanted.isEmpty() || wanted.contains(uri))
        .toList();
  }

  /** Never the header. */
  @Override
  public String toString() {
    return "SignalStream[" + id + ", " + status + "]";
  }
}
