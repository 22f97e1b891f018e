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
 * @param requested the types it asked for, of which unknown ones are never delivered; null when it
 *     left that to us
 */
public record SignalStream(
    String id,
    String org,
    String actorId,
    @Nullable String endpoint,
    @Nullable String authorization,
    @Nullable List<String> requested,
    @Nullable String description,
    Status status,
    @Nullable String reason,
    Instant createdAt) {

  /** Copies the list. */
  public SignalStream {
    requested = requested == null ? null : List.copyOf(requested);
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

  /** What of all that is supported it is told of: what it asked for, or everything. */
  public List<String> delivered() {
    List<String> supported = SignalType.supported().stream().map(SignalType::uri).toList();
    return requested == null
        ? supported
        : supported.stream().filter(Set.copyOf(requested)::contains).toList();
  }

  /** Never the header. */
  @Override
  public String toString() {
    return "SignalStream[" + id + ", " + status + "]";
  }
}
