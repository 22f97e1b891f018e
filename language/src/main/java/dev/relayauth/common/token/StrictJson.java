package dev.relayauth.common.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object of a token: UTF-8, no duplicate member at any depth, nothing after it,
 * small and shallow. Types are never coerced.
 */
final class StrictJson {
  static final int MAX_BYTES = 16 * 1024;
  static final int MAX_DEPTH = 16;

  /** The end of year 9999, in seconds: later ones fit no date format. */
  static final long MAX_TIME = 253_402_300_799L;

  private static final int MAX_DECIMALS = 12;
  private static final int MAX_PRECISION = 30;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(1024)
                  .maxNumberLength(40)
                  .build())
          .build();

  private final JsonParser parser;

  private StrictJson(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads the value of one member. */
  @FunctionalInterface
  interface Member {
    void read(String name) throws IOException;
  }

  /** Reads a whole document through the members of its object. */
  @FunctionalInterface
  interface Document {
    Member open(StrictJson json);
  }

  /** A document that isn't what it must be; its message quotes nothing of it. */
  static final class Invalid extends IOException {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  static void read(byte[] utf8, Document document) throws Invalid {
    if (utf8.length > MAX_BYTES) {
      throw new Invalid("larger than " + MAX_BYTES + " bytes");
    }
    try (JsonParser parser = FACTORY.createParser(decode(utf8))) {
      StrictJson json = new StrictJson(parser);
      parser.nextToken();
      json.object("document", document.open(json));
      if (parser.nextToken() != null) {
        throw new Invalid("something follows the object");
      }
    } catch (JsonProcessingException e) {
      throw new Invalid("not strict JSON");
    } catch (Invalid e) {
      throw e;
    } catch (IOException e) {
      throw new Invalid("not UTF-8");
    }
  }

  private static String decode(byte[] utf8) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
  }

  /** The current value as an object; each member is read with the parser on its value. */
  void object(String what, Member member) throws IOException {
    require(JsonToken.START_OBJECT, what, "an object");
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      member.read(name);
    }
  }

  String string(String what) throws IOException {
    require(JsonToken.VALUE_STRING, what, "a string");
    return parser.getText();
  }

  long integer(String what, long max) throws IOException {
    require(JsonToken.VALUE_NUMBER_INT, what, "an integer");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < 0
        || parser.getLongValue() > max) {
      throw new Invalid(what + " is out of range");
    }
    return parser.getLongValue();
  }

  BigDecimal decimal(String what) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw new Invalid(what + " is not a number");
    }
    BigDecimal value = parser.getDecimalValue();
    if (Math.abs((long) value.scale()) > MAX_DECIMALS || value.precision() > MAX_PRECISION) {
      throw new Invalid(what + " is out of range");
    }
    return value;
  }

  List<String> strings(String what, int max) throws IOException {
    require(JsonToken.START_ARRAY, what, "an array");
    List<String> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (values.size() == max) {
        throw new Invalid(what + " has more than " + max + " elements");
      }
      values.add(string(what + " element"));
    }
    return values;
  }

  /** One string or a list of them. */
  List<String> textOrTexts(String what, int max) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING
        ? List.of(string(what))
        : strings(what, max);
  }

  Map<String, String> stringMap(String what, int max) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    object(
        what,
        name -> {
          if (values.size() == max) {
            throw new Invalid(what + " has more than " + max + " members");
          }
          values.put(name, string(what + " member"));
        });
    return values;
  }

  /** A whole document as plain maps, lists, strings, numbers and booleans; nulls are left out. */
  static Map<String, Object> readMap(byte[] utf8) throws Invalid {
    Map<String, Object> members = new LinkedHashMap<>();
    read(utf8, json -> name -> json.put(members, name));
    return members;
  }

  private void put(Map<String, Object> members, String name) throws IOException {
    Object value = value();
    if (value != null) {
      members.put(name, value);
    }
  }

  private @Nullable Object value() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> decimal("number");
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          Object value = value();
          if (value != null) {
            values.add(value);
          }
        }
        yield values;
      }
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        object("object", name -> put(members, name));
        yield members;
      }
      default -> null;
    };
  }

  /** Passes over the current value, still refusing duplicates inside it. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  private void require(JsonToken expected, String what, String described) throws Invalid {
    if (parser.currentToken() != expected) {
      throw new Invalid(what + " is not " + described);
    }
  }
}
