package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** Instants are ISO 8601 text: a number would be seconds to one client and millis to another. */
final class IsoTimes {
  private IsoTimes() {}

  static SimpleModule module() {
    return new SimpleModule("iso-times").addDeserializer(Instant.class, new Value());
  }

  private static final class Value extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    Value() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        try {
          return DateTimeFormatter.ISO_INSTANT.parse(json.getText(), Instant::from);
        } catch (DateTimeException e) {
          throw context.weirdStringException("", Instant.class, "is no ISO 8601 time");
        }
      }
      return (Instant) context.handleUnexpectedToken(Instant.class, json);
    }
  }
}
