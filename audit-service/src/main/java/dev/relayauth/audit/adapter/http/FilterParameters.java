package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.http.Violations;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the filters of the log, and refuses all that are wrong at once. */
final class FilterParameters {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private final Function<String, @Nullable String> source;
  private final Violations violations = new Violations();

  private FilterParameters(Function<String, @Nullable String> source) {
    this.source = source;
  }

  /** From a query. */
  static AuditFilter read(MultivaluedMap<String, String> query) {
    return read(query::getFirst);
  }

  /** From wherever a filter of that name is found. */
  static AuditFilter read(Function<String, @Nullable String> source) {
    return new FilterParameters(source).filter();
  }

  private AuditFilter filter() {
    AuditFilter filter =
        new AuditFilter(
            text("identityId"),
            text("action"),
            text("workspaceId"),
            text("plane"),
            result(),
            instant("from"),
            instant("to"),
            text("sponsorId"),
            text("tokenId"),
            text("sessionId"));
    violations.throwIfAny();
    return filter;
  }

  private @Nullable String text(String name) {
    String value = source.apply(name);
    violations.optionalText(value, "/" + name, Violations.MAX_NAME);
    return value;
  }

  private @Nullable Result result() {
    String value = source.apply("result");
    Optional<Result> result =
        Arrays.stream(Result.values()).filter(known -> known.name().equals(value)).findFirst();
    violations.check(
        value == null || result.isPresent(), "/result", "must be allowed, denied or error");
    return result.orElse(null);
  }

  private @Nullable Instant instant(String name) {
    String value = source.apply(name);
    if (value == null) {
      return null;
    }
    try {
      Instant instant = OffsetDateTime.parse(value).toInstant();
      violations.check(
          !instant.isBefore(FIRST) && !instant.isAfter(LAST), "/" + name, "is out of range");
      return instant;
    } catch (DateTimeException e) {
      violations.check(false, "/" + name, "must be an instant such as 2026-01-31T12:00:00Z");
      return null;
    }
  }
}
