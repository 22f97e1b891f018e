package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Instants are ISO 8601 text: a number would be seconds to one client and millis to another. */
public final class IsoTimes {
  private static final String FORM = "0000-00-00T00:00:00";
  private static final int MAX_FRACTION = 9;

  private IsoTimes() {}

  /**
   * Reads an instant as {@link DateTimeFormatter#ISO_INSTANT} does; the form that we write
   * ourselves without the formatter: a restart reads millions of them.
   *
   * @throws DateTimeException when it is none
   */
  public static Instant parse(String text) {
    int end = text.length() - 1;
    boolean usual = end >= FORM.length() && text.charAt(end) == 'Z' && hasForm(text);
    int nanos = usual ? nanos(text, FORM.length(), end) : -1;
    if (nanos < 0) {
      return DateTimeFormatter.ISO_INSTANT.parse(text, Instant::from);
    }
    LocalDateTime time =
        LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19),
            nanos);
    return time.toInstant(ZoneOffset.UTC);
  }

  private static boolean hasForm(String text) {
    for (int at = 0; at < FORM.length(); at++) {
      char wanted = FORM.charAt(at);
      char letter = text.charAt(at);
      if (wanted == '0' ? letter < '0' || letter > '9' : letter != wanted) {
        return false;
      }
    }
    // What a clock doesn't show, the formatter may know: a leap second, the end of a day.
    return number(text, 11, 13) < 24 && number(text, 17, 19) < 60;
  }

  /** The fraction of a second between these; -1 when it isn't one. */
  private static int nanos(String text, int start, int end) {
    if (start == end) {
      return 0;
    }
    int digits = end - start - 1;
    if (text.charAt(start) != '.' || digits < 1 || digits > MAX_FRACTION) {
      return -1;
    }
    int nanos = 0;
    for (int at = 1; at <= MAX_FRACTION; at++) {
      char letter = at <= digits ? text.charAt(start + at) : '0';
      if (letter < '0' || letter > '9') {
        return -1;
      }
      nanos = nanos * 10 + (letter - '0');
    }
    return nanos;
  }

  private static int number(String text, int start, int end) {
    int number = 0;
    for (int at = start; at < end; at++) {
      number = number * 10 + (text.charAt(at) - '0');
    }
    return number;
  }

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
          return parse(json.getText());
        } catch (DateTimeException e) {
          throw context.weirdStringException("", Instant.class, "is no ISO 8601 time");
        }
      }
      return (Instant) context.handleUnexpectedToken(Instant.class, json);
    }
  }
}
