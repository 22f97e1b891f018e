package dev.relayauth.common.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** An RFC 9457 problem document with the members of our contract. */
public record Problem(Map<String, Object> members) {
  /** The media type of problem documents (RFC 9457 §6.1). */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE = "urn:relayauth:problem:";

  /** A problem of that code. */
  public static Problem of(ErrorCode code, String detail, String instance, String requestId) {
    return of(code, detail, instance, requestId, Map.of());
  }

  /** A problem of that code with further members. */
  public static Problem of(
      ErrorCode code,
      String detail,
      String instance,
      String requestId,
      Map<String, Object> further) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", TYPE + code.slug());
    members.put("title", code.title());
    members.put("status", code.status());
    members.put("detail", detail);
    members.put("instance", instance);
    members.put("code", code.slug());
    members.put("error", code.slug());
    members.put("message", detail);
    members.put("requestId", requestId);
    members.putAll(further);
    return new Problem(members);
  }

  /** The document. */
  public byte[] toJson() {
    return Json.write(members);
  }
}
