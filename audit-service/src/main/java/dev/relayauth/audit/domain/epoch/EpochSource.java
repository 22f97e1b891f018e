package dev.relayauth.audit.domain.epoch;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The CloudEvents source of records that no transaction carries: one life of one node. */
public record EpochSource(String text, String service, String node, Instant startedAt) {
  private static final Pattern FORM =
      Pattern.compile("/relayauth/([a-z-]+)/(.{1,256})/(\\d{1,15})");

  /** Reads a source; empty when it is not that of an epoch. */
  public static Optional<EpochSource> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new EpochSource(
                text,
                form.group(1),
                form.group(2),
                Instant.ofEpochMilli(Long.parseLong(form.group(3)))))
        : Optional.empty();
  }
}
