package dev.relayauth.examples.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.relayauth.sdk.DpopKey;
import dev.relayauth.sdk.guard.Guard;
import dev.relayauth.sdk.guard.ScopeTemplate;
import dev.relayauth.sdk.verify.TokenVerifier;
import dev.relayauth.sdk.verify.VerifiedToken;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server over Streamable HTTP, a resource server after the MCP authorization specification:
 *
 * <ul>
 *   <li>it says who issues tokens for it (RFC 9728), at the well-known address of its endpoint;
 *   <li>it takes only tokens that were issued for it: its address is in their {@code aud} (RFC
 *       8707), and no token is passed on to anybody;
 *   <li>whoever comes without a token, or without the scope of a tool, learns from {@code
 *       WWW-Authenticate} which scope is needed and where that is described.
 * </ul>
 */
public final class McpServer implements AutoCloseable {
  /** Where it answers. */
  public static final String PATH = "/mcp";

  /** RFC 9728 §3.1: the well-known name goes between the host and the resource's path. */
  private static final String METADATA = "/.well-known/oauth-protected-resource" + PATH;

  private static final String PROTOCOL = "2025-06-18";

  /** What a client may say that it speaks; without the header it is the one before ours. */
  private static final Set<String> PROTOCOLS = Set.of(PROTOCOL, "2025-03-26");

  private static final int MAX_BODY = 64 * 1024;
  private static final int THREADS = 8;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final String resource;
  private final String origin;
  private final String issuer;
  private final ScopeTemplate entry;
  private final Guard guard;
  private final Map<String, Tool> tools = new LinkedHashMap<>();

  private McpServer(
      HttpServer server, String url, String issuer, TokenVerifier verifier, List<Tool> offered) {
    this.server = server;
    this.resource = url + PATH;
    this.origin = url;
    this.issuer = issuer;
    this.entry = new ScopeTemplate(offered.get(0).scope());
    this.guard = Guard.local(verifier).describedBy(url + METADATA).reachedAt(url);
    offered.forEach(tool -> tools.put(tool.name(), tool));
  }

  /**
   * Starts one.
   *
   * @param address where it listens
   * @param url its public address, such as {@code https://mcp.example}
   * @param issuer RelayAuth's base URL
   * @param verifier of tokens whose audience is {@link #resourceOf} that address
   * @param tools at least one; the scope of the first lets a client in
   */
  public static McpServer start(
      InetSocketAddress address,
      String url,
      String issuer,
      TokenVerifier verifier,
      List<Tool> tools)
      throws IOException {
    HttpServer http = HttpServer.create(address, 0);
    McpServer server = new McpServer(http, url, issuer, verifier, tools);
    http.setExecutor(server.threads);
    http.createContext(METADATA, server::describe);
    http.createContext(PATH, server::take);
    http.start();
    return server;
  }

  /** The identifier of the server at {@code url}: what a client names as {@code resource}. */
  public static String resourceOf(String url) {
    return url + PATH;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void describe(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(METADATA)) {
      // RFC 9728 §3.3: nothing else is described here, and contexts take what begins like them.
      refuse(exchange, 404);
    } else if (!exchange.getRequestMethod().equals("GET")) {
      refuseMethod(exchange, "GET");
    } else {
      answer(exchange, 200, metadata());
    }
  }

  private ObjectNode metadata() {
    ObjectNode metadata = JsonRpc.JSON.createObjectNode().put("resource", resource);
    metadata.putArray("authorization_servers").add(issuer);
    metadata.putArray("bearer_methods_supported").add("header");
    ArrayNode scopes = metadata.putArray("scopes_supported");
    tools.values().stream().map(Tool::scope).distinct().forEach(scopes::add);
    return metadata;
  }

  private void take(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    if (!exchange.getRequestURI().getPath().equals(PATH)) {
      refuse(exchange, 404);
    } else if (!isOwn(headers.getFirst("Origin"))) {
      // MCP, Streamable HTTP: a page of another origin must not reach us through a browser.
      refuse(exchange, 403);
    } else if (!exchange.getRequestMethod().equals("POST")) {
      refuseMethod(exchange, "POST");
    } else {
      Guard.Outcome outcome = guard.check(request(exchange), entry, name -> null);
      if (outcome instanceof Guard.Admitted admitted) {
        serve(exchange, admitted.token());
      } else {
        refuse(exchange, (Guard.Refused) outcome);
      }
    }
  }

  private boolean isOwn(@Nullable String from) {
    return from == null || from.equals(origin);
  }

  private Guard.Request request(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return new Guard.Request(
        headers.getFirst("Authorization"),
        headers.getOrDefault(DpopKey.HEADER, List.of()),
        exchange.getRequestMethod(),
        resource);
  }

  private void serve(HttpExchange exchange, VerifiedToken token) throws IOException {
    String spoken = exchange.getRequestHeaders().getFirst("MCP-Protocol-Version");
    if (spoken != null && !PROTOCOLS.contains(spoken)) {
      answer(
          exchange,
          400,
          JsonRpc.error(null, JsonRpc.INVALID_REQUEST, "this server speaks MCP " + PROTOCOL));
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      refuse(exchange, 413);
      return;
    }
    Optional<JsonRpc.Message> message;
    try {
      message = JsonRpc.read(body);
    } catch (IOException e) {
      answer(exchange, 400, JsonRpc.error(null, JsonRpc.PARSE_ERROR, "not JSON"));
      return;
    }
    if (message.isEmpty()) {
      answer(exchange, 400, JsonRpc.error(null, JsonRpc.INVALID_REQUEST, "not a request"));
    } else if (message.get().isNotification()) {
      refuse(exchange, 202);
    } else {
      answer(exchange, message.get(), token);
    }
  }

  private void answer(HttpExchange exchange, JsonRpc.Message message, VerifiedToken token)
      throws IOException {
    JsonNode id = Objects.requireNonNull(message.id());
    switch (message.method()) {
      case "initialize" -> answer(exchange, 200, JsonRpc.result(id, capabilities()));
      case "ping" -> answer(exchange, 200, JsonRpc.result(id, JsonRpc.JSON.createObjectNode()));
      case "tools/list" -> answer(exchange, 200, JsonRpc.result(id, list()));
      case "tools/call" -> call(exchange, id, message.params(), token);
      default ->
          answer(exchange, 200, JsonRpc.error(id, JsonRpc.METHOD_NOT_FOUND, "no such method"));
    }
  }

  private void call(HttpExchange exchange, JsonNode id, JsonNode params, VerifiedToken token)
      throws IOException {
    Tool tool = tools.get(params.path("name").asText());
    if (tool == null) {
      answer(exchange, 200, JsonRpc.error(id, JsonRpc.INVALID_PARAMS, "no such tool"));
    } else if (!token.covers(tool.scope())) {
      // It comes back with a token for what it is told, and for nothing else.
      refuse(exchange, guard.lacking(token, neededFor(tool)));
    } else {
      ObjectNode result = JsonRpc.JSON.createObjectNode();
      result
          .putArray("content")
          .addObject()
          .put("type", "text")
          .put("text", tool.work().apply(params.path("arguments"), token));
      answer(exchange, 200, JsonRpc.result(id, result));
    }
  }

  /** All that a token must cover, as RFC 6749 §3.3 writes a list: a client asks for just that. */
  private String neededFor(Tool tool) {
    return Stream.of(entry.text(), tool.scope()).distinct().collect(Collectors.joining(" "));
  }

  private static ObjectNode capabilities() {
    ObjectNode result = JsonRpc.JSON.createObjectNode().put("protocolVersion", PROTOCOL);
    result.putObject("capabilities").putObject("tools");
    result.putObject("serverInfo").put("name", "relayauth-example").put("version", "1.0.0");
    return result;
  }

  private ObjectNode list() {
    ObjectNode result = JsonRpc.JSON.createObjectNode();
    ArrayNode each = result.putArray("tools");
    for (Tool tool : tools.values()) {
      ObjectNode one = each.addObject().put("name", tool.name());
      one.put("description", tool.description()).putObject("inputSchema").put("type", "object");
    }
    return result;
  }

  private static void refuse(HttpExchange exchange, Guard.Refused refused) throws IOException {
    if (refused.challenge() != null) {
      exchange.getResponseHeaders().set("WWW-Authenticate", refused.challenge());
    }
    refuse(exchange, refused.status());
  }

  /** RFC 9110 §15.5.6: with the method that there is. */
  private static void refuseMethod(HttpExchange exchange, String allowed) throws IOException {
    exchange.getResponseHeaders().set("Allow", allowed);
    refuse(exchange, 405);
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private static void answer(HttpExchange exchange, int status, JsonNode json) throws IOException {
    try (exchange) {
      byte[] body = JsonRpc.write(json);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
