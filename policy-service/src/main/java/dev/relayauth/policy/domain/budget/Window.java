package dev.relayauth.policy.domain.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * The time over which usage counts against a cap. Usage is kept by buckets, each named by the epoch
 * second at which it begins; what is taken in a bucket counts until the whole bucket has left the
 * window, so that no span of a window's length ever holds more than the cap.
 */
public sealed interface Window {
  /** The bucket of a moment. */
  Bucket bucket(Instant now);

  /** The first bucket that still counts at a moment. */
  long since(Instant now);

  /** When what was taken before an epoch second, such as a bucket's end, no longer counts. */
  Instant left(long end);

  /**
   * A bucket.
   *
   * @param start epoch second, inclusive
   * @param end epoch second, exclusive
   */
  record Bucket(long start, long end) {
    boolean holds(long epochSecond) {
      return epochSecond >= start && epochSecond < end;
    }
  }

  /** A day or a month by the calendar of a time zone. */
  record Calendar(ChronoUnit unit, ZoneId zone) implements Window {
    @Override
    public Bucket bucket(Instant now) {
      ZonedDateTime start = start(now);
      return new Bucket(start.toEpochSecond(), start.plus(1, unit).toEpochSecond());
    }

    @Override
    public long since(Instant now) {
      return start(now).toEpochSecond();
    }

    @Override
    public Instant left(long end) {
      return start(Instant.ofEpochSecond(end - 1)).plus(1, unit).toInstant();
    }

    private ZonedDateTime start(Instant now) {
      ZonedDateTime day = now.atZone(zone).toLocalDate().atStartOfDay(zone);
      return unit == ChronoUnit.MONTHS
          ? day.toLocalDate().withDayOfMonth(1).atStartOfDay(zone)
          : day;
    }
  }

  /** The last so many seconds, in sixty buckets. */
  record Sliding(Duration length) implements Window {
    private static final int BUCKETS = 60;

    @Override
    public Bucket bucket(Instant now) {
      long start = floor(now.getEpochSecond());
      return new Bucket(start, start + grain());
    }

    @Override
    public long since(Instant now) {
      return floor(now.getEpochSecond() - length.toSeconds());
    }

    @Override
    public Instant left(long end) {
      return Instant.ofEpochSecond(floor(end - 1) + grain() + length.toSeconds());
    }

    private long grain() {
      return Math.max(1, length.toSeconds() / BUCKETS);
    }

    private long floor(long second) {
      return Math.floorDiv(second, grain()) * grain();
    }
  }
}
