package dev.relayauth.audit.domain.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.event.AuditRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf is the hash of: the record as canonical JSON (RFC 8785), without what is null. Anyone
 * who has an entry's JSON can make it again.
 */
public final class LeafContent {
  private static final int ROOM = 640;
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder json = new StringBuilder(ROOM).append('{');

  private LeafContent() {}

  /** The content of a record. Members are in the order of RFC 8785 §3.2.3. */
  public static byte[] of(AuditRecord row) {
    LeafContent content = new LeafContent();
    content.text("action", row.action()).text("id", row.id());
    content.text("identityId", row.identityId()).text("ip", row.ip());
    content.name("metadata").object(row.metadata()).text("orgId", row.orgId());
    content.text("plane", row.plane()).text("requestId", row.requestId());
    content.text("resource", row.resource()).text("result", row.result().name());
    content.name("sponsorChain").array(row.sponsorChain());
    content.text("sponsorId", row.sponsorId()).text("timestamp", row.timestamp().toString());
    content.text("tokenId", row.tokenId()).text("traceId", row.traceId());
    content.text("userAgent", row.userAgent()).text("workspaceId", row.workspaceId());
    return content.json.append('}').toString().getBytes(UTF_8);
  }

  /** A JSON object of strings in the canonical form. */
  public static String canonical(Map<String, String> strings) {
    LeafContent content = new LeafContent();
    content.json.setLength(0);
    return content.object(strings).json.toString();
  }

  private LeafContent text(String name, @Nullable String value) {
    if (value != null) {
      name(name).string(value);
    }
    return this;
  }

  private LeafContent name(String name) {
    separate('{');
    json.append('"').append(name).append("\":");
    return this;
  }

  private LeafContent object(Map<String, String> members) {
    json.append('{');
    Map<String, String> sorted = members.size() < 2 ? members : new TreeMap<>(members);
    sorted.forEach(
        (name, value) -> {
          separate('{');
          string(name);
          json.append(':');
          string(value);
        });
    json.append('}');
    return this;
  }

  private LeafContent array(List<String> values) {
    json.append('[');
    for (String value : values) {
      separate('[');
      string(value);
    }
    json.append(']');
    return this;
  }

  private void separate(char opening) {
    if (json.charAt(json.length() - 1) != opening) {
      json.append(',');
    }
  }

  private void string(String value) {
    json.append('"');
    int copied = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        json.append(value, copied, i);
        escape(c);
        copied = i + 1;
      }
    }
    json.append(value, copied, value.length()).append('"');
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> json.append('\\').append(c);
      case '\b' -> json.append("\\b");
      case '\t' -> json.append("\\t");
      case '\n' -> json.append("\\n");
      case '\f' -> json.append("\\f");
      case '\r' -> json.append("\\r");
      default -> json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }
}
