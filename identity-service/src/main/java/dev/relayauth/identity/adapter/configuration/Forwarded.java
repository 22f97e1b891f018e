package dev.relayauth.identity.adapter.configuration;

import dev.relayauth.common.http.CurrentRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of a request goes along to another service: the credential, and where it came from. */
public record Forwarded(Map<String, String> headers) {
  /** Copies the headers. */
  public Forwarded {
    headers = Map.copyOf(headers);
  }

  /** What of this request goes along. */
  public static Forwarded of(HttpHeaders sent, CurrentRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    put(headers, "authorization", sent.getHeaderString("Authorization"));
    put(headers, "x-api-key", sent.getHeaderString("x-api-key"));
    put(headers, "x-forwarded-for", request.ip());
    put(headers, "user-agent", request.userAgent());
    put(headers, "x-request-id", request.id());
    put(headers, "traceparent", request.traceparent());
    return new Forwarded(headers);
  }

  private static void put(Map<String, String> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  @Override
  public String toString() {
    return "Forwarded[redacted]";
  }
}
