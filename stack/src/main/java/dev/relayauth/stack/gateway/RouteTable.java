package dev.relayauth.stack.gateway;

import dev.relayauth.stack.ServiceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which service owns a path: the longest matching pattern decides, and a path that none matches is
 * not exposed. A {@code *} segment in a pattern stands for one segment, and what follows a colon in
 * a segment is a verb on the same thing ({@code /v1/identities:batch}); every pattern covers what
 * is below it.
 */
final class RouteTable {
  private final Node root = new Node();

  private RouteTable() {}

  /** The routes of the wire contract. */
  static RouteTable ofTheContract() {
    return new RouteTable()
        .with(
            ServiceName.IDENTITY,
            "/v1/organizations",
            "/v1/workspaces",
            "/v1/sponsors",
            "/v1/identities",
            "/v1/api-keys",
            "/v1/config",
            "/openapi.yaml",
            "/asyncapi.yaml",
            "/schemas")
        .with(
            ServiceName.TOKEN,
            "/v1/identities/*/keys",
            "/v1/tokens",
            "/v1/sessions",
            "/v1/keys",
            "/oauth",
            "/.well-known")
        .with(
            ServiceName.POLICY,
            "/v1/identities/*/budget",
            "/v1/identities/*/roles",
            "/v1/roles",
            "/v1/policies",
            "/v1/authorize",
            "/v1/scopes",
            "/v1/budgets",
            "/v1/decisions",
            "/v1/approvals",
            "/v1/policy-tests",
            "/v1/search",
            "/v1/ext-authz",
            "/relayauth.v1.Authorization",
            "/access/v1",
            "/.well-known/authzen-configuration")
        .with(
            ServiceName.REVOCATION,
            "/v1/revocations",
            "/v1/tokens/revoke",
            "/v1/tokens/revocation",
            "/ssf",
            "/.well-known/ssf-configuration")
        .with(
            ServiceName.AUDIT,
            "/v1/identities/*/activity",
            "/v1/sessions/*/timeline",
            "/v1/audit",
            "/v1/observer",
            "/v1/stats",
            "/console");
  }

  /** The owner of a path that {@link Paths#isPlain} accepts; its colons may be escaped. */
  Optional<ServiceName> ownerOf(String sent) {
    String path = sent.replace("%3A", ":").replace("%3a", ":");
    Node node = root;
    @Nullable ServiceName owner = null;
    for (int start = 1; start <= path.length(); ) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      node = node.child(path.substring(start, end));
      if (node == null) {
        break;
      }
      owner = node.owner == null ? owner : node.owner;
      start = end + 1;
    }
    return Optional.ofNullable(owner);
  }

  private RouteTable with(ServiceName owner, String... patterns) {
    for (String pattern : patterns) {
      Node node = root;
      for (String segment : pattern.substring(1).split("/", -1)) {
        node = node.children.computeIfAbsent(segment, _ -> new Node());
      }
      node.owner = owner;
    }
    return this;
  }

  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private @Nullable ServiceName owner;

    private @Nullable Node child(String segment) {
      Node literal = children.get(segment);
      int verb = segment.indexOf(':');
      if (literal == null && verb > 0) {
        literal = children.get(segment.substring(0, verb));
      }
      return literal == null ? children.get("*") : literal;
    }
  }
}
