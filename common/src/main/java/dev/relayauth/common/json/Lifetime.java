package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration as clients write it: seconds as a number; digits and one of {@code s m h}; or {@code
 * PT} with whole hours, minutes and seconds, in that order. Nothing else is one.
 */
@JsonDeserialize(using = Lifetime.Reader.class)
public record Lifetime(Duration duration) {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([smh])");
  private static final Pattern ISO =
      Pattern.compile("PT(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}S)?");

  /** Reads text; empty when it is not a duration. */
  public static Optional<Lifetime> parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      return Optional.of(new Lifetime(unit(matcher.group(2)).multipliedBy(count)));
    }
    return ISO.matcher(text).matches()
        ? Optional.of(new Lifetime(Duration.parse(text)))
        : Optional.empty();
  }

  private static Duration unit(String letter) {
    return switch (letter) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      default -> Duration.ofHours(1);
    };
  }

  /** Reads it from JSON. */
  static final class Reader extends JsonDeserializer<Lifetime> {
    @Override
    public Lifetime deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        return new Lifetime(Duration.ofSeconds(json.getLongValue()));
      }
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        Optional<Lifetime> parsed = parse(json.getText());
        if (parsed.isPresent()) {
          return parsed.get();
        }
      }
      return (Lifetime) context.handleUnexpectedToken(Lifetime.class, json);
    }
  }
}
