package dev.relayauth.examples.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0, as far as MCP needs it. */
final class JsonRpc {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;

  static final ObjectMapper JSON = JsonMapper.builder().build();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build());
  }

  private JsonRpc() {}

  /**
   * A message.
   *
   * @param id null for a notification, which nobody answers
   */
  record Message(String method, @Nullable JsonNode id, JsonNode params) {
    boolean isNotification() {
      return id == null;
    }
  }

  /**
   * Reads one message; empty when it is none.
   *
   * @throws IOException when it is no JSON
   */
  static Optional<Message> read(byte[] body) throws IOException {
    JsonNode message = JSON.readTree(body);
    JsonNode id = message.get("id");
    boolean named = id == null || id.isTextual() || id.isIntegralNumber();
    return message.isObject()
            && message.path("jsonrpc").asText().equals("2.0")
            && message.path("method").isTextual()
            && named
        ? Optional.of(new Message(message.path("method").asText(), id, message.path("params")))
        : Optional.empty();
  }

  static ObjectNode result(JsonNode id, JsonNode result) {
    ObjectNode answer = answer(id);
    answer.set("result", result);
    return answer;
  }

  static ObjectNode error(@Nullable JsonNode id, int code, String message) {
    ObjectNode answer = answer(id);
    answer.putObject("error").put("code", code).put("message", message);
    return answer;
  }

  private static ObjectNode answer(@Nullable JsonNode id) {
    ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
    answer.set("id", id == null ? JSON.nullNode() : id);
    return answer;
  }

  static byte[] write(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is JSON", e);
    }
  }
}
