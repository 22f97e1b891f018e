package dev.relayauth.common.http;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C Trace Context, §3.2: the {@code traceparent} header. */
public final class Traceparent {
  private static final Pattern FORM =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int TRACE_ID_START = 3;
  private static final int TRACE_ID_END = 35;

  private Traceparent() {}

  /** The header, when it is well formed. */
  public static Optional<String> of(@Nullable String header) {
    return Optional.ofNullable(header).filter(text -> FORM.matcher(text).matches());
  }

  /** The trace id in a well-formed header. */
  public static Optional<String> traceId(@Nullable String header) {
    return of(header).map(text -> text.substring(TRACE_ID_START, TRACE_ID_END));
  }
}
