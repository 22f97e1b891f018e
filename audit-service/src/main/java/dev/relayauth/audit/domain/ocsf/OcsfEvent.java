package dev.relayauth.audit.domain.ocsf;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry as an OCSF 1.3 event, for a SIEM that speaks it: {@code docs/events/ocsf.md} says what
 * becomes what. Nothing is lost: what has no member of its own is under {@code unmapped}.
 */
public final class OcsfEvent {
  private static final String VERSION = "1.3.0";
  private static final int INFORMATIONAL = 1;
  private static final int MEDIUM = 3;
  private static final int HIGH = 4;
  private static final Set<String> GRAVE = Set.of("scope.escalation_denied", "budget.exceeded");

  /** Members of the metadata that have a place of their own in every class. */
  private static final Set<String> PLACED =
      Set.of("actorId", "sessionId", "reason", "decisionId", "policyRevision");

  private final AuditEntry entry;
  private final AuditRecord row;
  private final OcsfClass kind;

  private OcsfEvent(AuditEntry entry) {
    this.entry = entry;
    this.row = entry.content();
    this.kind = OcsfClass.of(row.action());
  }

  /** The event, as a JSON object. */
  public static Map<String, Object> of(AuditEntry entry) {
    return new OcsfEvent(entry).event();
  }

  private Map<String, Object> event() {
    Members event = new Members();
    event.put("class_uid", kind.uid());
    event.put("category_uid", kind.category());
    event.put("activity_id", kind.activity());
    event.put("activity_name", row.action());
    event.put("type_uid", kind.type());
    event.put("severity_id", severity());
    event.put("time", row.timestamp().toEpochMilli());
    event.put("status_id", row.result() == Result.allowed ? 1 : 2);
    event.put("status_code", row.result().name());
    event.put("status_detail", metadata("reason"));
    event.put("metadata", metadata());
    event.put("cloud", cloud());
    event.put("actor", actor());
    about(event);
    event.put("src_endpoint", new Members().with("ip", row.ip()).orNull());
    event.put("http_request", new Members().with("user_agent", row.userAgent()).orNull());
    event.put("authorizations", authorizations());
    event.put("unmapped", unmapped());
    return event.map();
  }

  /** Whom or what it was about, as the class wants it said. */
  private void about(Members event) {
    switch (kind.uid()) {
      case OcsfClass.API_ACTIVITY -> {
        event.put("api", api());
        event.put("src_endpoint", new Members().with("name", "unknown").orNull());
      }
      case OcsfClass.ENTITY_MANAGEMENT -> event.put("entity", entity());
      case OcsfClass.USER_ACCESS -> {
        event.put("user", user());
        event.put("privileges", List.of(or(row.metadata().get("role"), row.action())));
      }
      case OcsfClass.AUTHENTICATION -> {
        event.put("user", user());
        event.put("service", Map.of("name", "relayauth"));
      }
      default -> event.put("user", user());
    }
  }

  private int severity() {
    if (GRAVE.contains(row.action())) {
      return HIGH;
    }
    return row.result() == Result.allowed ? INFORMATIONAL : MEDIUM;
  }

  private Map<String, Object> metadata() {
    return new Members()
        .with("version", VERSION)
        .with("uid", row.id())
        .with("correlation_uid", row.requestId())
        .with("trace_uid", row.traceId())
        .with("logged_time", entry.createdAt().toEpochMilli())
        .with("product", Map.of("name", "RelayAuth", "vendor_name", "RelayAuth"))
        .map();
  }

  private Map<String, Object> cloud() {
    return new Members()
        .with("provider", "RelayAuth")
        .with("org", Map.of("uid", row.orgId()))
        .with("project_uid", row.workspaceId())
        .map();
  }

  private Map<String, Object> actor() {
    String actor = or(row.metadata().get("actorId"), or(row.identityId(), "unknown"));
    List<Map<String, String>> groups =
        row.sponsorChain().stream().map(id -> Map.of("uid", id)).toList();
    Map<String, Object> session =
        new Members()
            .with("uid", metadata("sessionId"))
            .with("credential_uid", row.tokenId())
            .orNull();
    return new Members()
        .with("user", new Members().with("uid", actor).with("groups", groups).map())
        .with("session", session)
        .map();
  }

  private Map<String, Object> user() {
    return Map.of("uid", or(row.identityId(), or(row.sponsorId(), row.orgId())));
  }

  private Map<String, Object> entity() {
    return new Members()
        .with("uid", or(row.identityId(), row.orgId()))
        .with("type", row.action().substring(0, row.action().indexOf('.')))
        .map();
  }

  private Map<String, Object> api() {
    return new Members()
        .with("operation", or(row.metadata().get("scope"), row.action()))
        .with("service", row.plane() == null ? null : Map.of("name", row.plane()))
        .with("group", row.resource() == null ? null : Map.of("name", row.resource()))
        .map();
  }

  private @Nullable List<Object> authorizations() {
    Map<String, Object> policy =
        new Members()
            .with("uid", metadata("decisionId"))
            .with("version", metadata("policyRevision"))
            .orNull();
    return policy == null
        ? null
        : List.of(Map.of("decision", row.result().name(), "policy", policy));
  }

  private Map<String, Object> unmapped() {
    Members rest = new Members();
    new TreeMap<>(row.metadata())
        .forEach((name, value) -> rest.put(name, PLACED.contains(name) ? null : value));
    AuditEntry.Leaf leaf = entry.leaf();
    byte[] salt = leaf.salt();
    rest.put("leafIndex", leaf.index() < 0 ? null : leaf.index());
    rest.put("leafSalt", salt == null ? null : Base64.getEncoder().encodeToString(salt));
    boolean toldByChain = !row.sponsorChain().isEmpty();
    rest.put("sponsorId", toldByChain ? null : row.sponsorId());
    boolean toldByApi = kind.uid() == OcsfClass.API_ACTIVITY;
    rest.put("plane", toldByApi ? null : row.plane());
    rest.put("resource", toldByApi ? null : row.resource());
    return rest.map();
  }

  private @Nullable String metadata(String name) {
    return row.metadata().get(name);
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }

  /** Members of an object, in order, without those that are null. */
  private static final class Members {
    private final Map<String, Object> map = new LinkedHashMap<>();

    Members with(String name, @Nullable Object value) {
      put(name, value);
      return this;
    }

    void put(String name, @Nullable Object value) {
      if (value != null) {
        map.put(name, value);
      }
    }

    Map<String, Object> map() {
      return map;
    }

    @Nullable Map<String, Object> orNull() {
      return map.isEmpty() ? null : map;
    }
  }
}
