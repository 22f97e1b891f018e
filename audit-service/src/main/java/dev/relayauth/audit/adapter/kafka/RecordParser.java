package dev.relayauth.audit.adapter.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.event.AuditRecord.Result;
import dev.relayauth.common.json.StoredText;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of one audit record in one pass, which at this rate matters. Text keeps what a
 * store can hold: a record must not be lost to a NUL in a header that a client chose.
 */
final class RecordParser {
  private static final JsonFactory FACTORY = factory();
  private static final int MAX_ITEMS = 256;

  private final JsonParser json;
  private final Map<String, String> texts = new HashMap<>(32);
  private Map<String, String> metadata = Map.of();
  private List<String> sponsorChain = List.of();

  private RecordParser(JsonParser json) {
    this.json = json;
  }

  /**
   * Reads a record.
   *
   * @throws IOException when it is not JSON, or a member has the wrong type
   */
  static AuditRecord parse(byte[] value) throws IOException {
    try (JsonParser json = FACTORY.createParser(value)) {
      RecordParser parser = new RecordParser(json);
      parser.object();
      return parser.build();
    }
  }

  private void object() throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      switch (name) {
        case "metadata" -> metadata = token == JsonToken.VALUE_NULL ? Map.of() : strings(token);
        case "sponsorChain" -> sponsorChain = token == JsonToken.VALUE_NULL ? List.of() : list();
        default -> member(name, token);
      }
    }
    expect(json.nextToken(), null);
  }

  private void member(String name, JsonToken token) throws IOException {
    switch (token) {
      case VALUE_STRING -> texts.put(name, storable(json.getText()));
      case START_OBJECT, START_ARRAY -> json.skipChildren();
      default -> {
        // Numbers, booleans and null are no member of ours: a missing one is found later.
      }
    }
  }

  private Map<String, String> strings(JsonToken token) throws IOException {
    expect(token, JsonToken.START_OBJECT);
    Map<String, String> strings = new HashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (value != JsonToken.VALUE_NULL) {
        expect(value, JsonToken.VALUE_STRING);
        strings.put(storable(name), storable(json.getText()));
      }
      bounded(strings.size());
    }
    return strings;
  }

  private List<String> list() throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY);
    List<String> list = new ArrayList<>(4);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_STRING);
      list.add(storable(json.getText()));
      bounded(list.size());
    }
    return list;
  }

  private AuditRecord build() throws IOException {
    return new AuditRecord(
        need("id"),
        need("action"),
        texts.get("identityId"),
        need("orgId"),
        texts.get("workspaceId"),
        texts.get("plane"),
        texts.get("resource"),
        result(need("result")),
        texts.get("sponsorId"),
        sponsorChain,
        metadata,
        texts.get("ip"),
        texts.get("userAgent"),
        texts.get("requestId"),
        texts.get("traceId"),
        texts.get("tokenId"),
        instant(need("timestamp")));
  }

  private String need(String name) throws IOException {
    String text = texts.get(name);
    if (text == null) {
      throw refusal("it lacks " + name);
    }
    return text;
  }

  private Result result(String text) throws IOException {
    return switch (text) {
      case "allowed" -> Result.allowed;
      case "denied" -> Result.denied;
      case "error" -> Result.error;
      default -> throw refusal("its result is none");
    };
  }

  private Instant instant(String text) throws IOException {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw refusal("its timestamp is no instant");
    }
  }

  private void bounded(int count) throws IOException {
    if (count > MAX_ITEMS) {
      throw refusal("it has a list or map of more than " + MAX_ITEMS);
    }
  }

  private void expect(@Nullable JsonToken actual, @Nullable JsonToken wanted) throws IOException {
    if (actual != wanted) {
      throw refusal("it has a member of the wrong type");
    }
  }

  private IOException refusal(String why) {
    return new JsonParseException(json, why);
  }

  /** Leaves NUL out, and puts U+FFFD where half a surrogate pair stands. */
  private static String storable(String text) {
    if (StoredText.isStorable(text)) {
      return text;
    }
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints()
        .filter(point -> point != 0)
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(32)
                .maxStringLength(256 * 1024)
                .maxNumberLength(64)
                .build())
        .build();
  }
}
