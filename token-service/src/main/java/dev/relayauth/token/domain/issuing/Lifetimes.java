package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.event.OrganizationSettings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long the two tokens of a pair live, before an ancestor's end cuts them short. */
public record Lifetimes(Duration access, Duration refresh) {
  private static final Duration MIN_ACCESS = Duration.ofMinutes(1);
  private static final Duration MAX_ACCESS = Duration.ofHours(24);
  private static final Duration DEFAULT_ACCESS = Duration.ofHours(1);
  private static final Duration MIN_REFRESH = Duration.ofSeconds(1);

  /** The longest life of a refresh token, and so of a session beyond its last access token. */
  public static final Duration MAX_REFRESH = Duration.ofDays(30);

  private static final Duration DEFAULT_REFRESH = Duration.ofHours(24);

  /** The lifetimes asked for, or the organisation's, or the deployment's; out of range is 400. */
  static Outcome<Lifetimes> choose(
      IssueRequest request, OrganizationSettings settings, Optional<Duration> cap) {
    Duration longest =
        seconds(settings.maxAccessTokenTtlSeconds())
            .filter(max -> max.compareTo(MAX_ACCESS) < 0)
            .orElse(MAX_ACCESS);
    longest = cap.isPresent() ? shorter(longest, cap.get()) : longest;
    return choose(request, settings, longest);
  }

  private static Outcome<Lifetimes> choose(
      IssueRequest request, OrganizationSettings settings, Duration longest) {
    Duration access =
        request
            .accessTtl()
            .orElseGet(
                () ->
                    shorter(
                        seconds(settings.accessTokenTtlSeconds()).orElse(DEFAULT_ACCESS), longest));
    Duration refresh =
        request
            .refreshTtl()
            .or(() -> seconds(settings.refreshTokenTtlSeconds()))
            .orElse(DEFAULT_REFRESH);
    if (isOutside(access, MIN_ACCESS, longest)) {
      return refuse("/ttl must be " + MIN_ACCESS + " to " + longest);
    }
    return isOutside(refresh, MIN_REFRESH, MAX_REFRESH)
        ? refuse("/refreshTokenTtlSeconds must be 1 to " + MAX_REFRESH.toSeconds())
        : Outcome.of(new Lifetimes(access, refresh));
  }

  private static Optional<Duration> seconds(@Nullable Long value) {
    return Optional.ofNullable(value).map(Duration::ofSeconds);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static boolean isOutside(Duration value, Duration min, Duration max) {
    return value.compareTo(min) < 0 || value.compareTo(max) > 0;
  }

  private static Outcome<Lifetimes> refuse(String detail) {
    return Outcome.refuse(Refusal.of(ErrorCode.VALIDATION_FAILED, detail));
  }
}
