package dev.relayauth.sdk;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** When a server wants to see a request again (RFC 9110 §10.2.3). */
final class RetryAfter {
  private static final long MANY = 1_000_000_000;

  private RetryAfter() {}

  /** How long to wait at least; empty when the answer doesn't say. */
  static Optional<Duration> of(HttpHeaders answer) {
    return answer.firstValue("Retry-After").map(String::strip).flatMap(said -> read(said, answer));
  }

  private static Optional<Duration> read(String said, HttpHeaders answer) {
    if (said.matches("\\d+")) {
      return Optional.of(Duration.ofSeconds(said.length() > 9 ? MANY : Long.parseLong(said)));
    }
    // By the server's own clock when it tells it.
    Instant now = answer.firstValue("Date").flatMap(RetryAfter::date).orElseGet(Instant::now);
    return date(said).map(then -> then.isBefore(now) ? Duration.ZERO : Duration.between(now, then));
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
