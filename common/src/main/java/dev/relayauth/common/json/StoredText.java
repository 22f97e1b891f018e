package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Text that every store and protocol of ours can hold: no NUL (PostgreSQL has none) and no half of
 * a surrogate pair (UTF-8 has none, RFC 8259 §8.2). Anything else is refused where it is read, so
 * that it never comes back as another text than was sent.
 */
public final class StoredText {
  private StoredText() {}

  /** Whether {@code text} can be stored and comes back unchanged. */
  public static boolean isStorable(String text) {
    for (int at = 0; at < text.length(); at++) {
      char unit = text.charAt(at);
      if (unit != 0 && unit < Character.MIN_SURROGATE) {
        continue;
      }
      if (unit == 0) {
        return false;
      }
      if (Character.isSurrogate(unit)) {
        boolean pair =
            at + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(at + 1));
        if (!pair) {
          return false;
        }
        at++;
      }
    }
    return true;
  }

  /** Refuses other text wherever JSON is read into a string or the key of a map. */
  static SimpleModule module() {
    return new SimpleModule("stored-text")
        .addDeserializer(String.class, new Value())
        .addKeyDeserializer(String.class, new Key());
  }

  private static final class Value extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1L;

    Value() {
      super(String.class);
    }

    @Override
    public @Nullable String deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      String text = StringDeserializer.instance.deserialize(json, context);
      if (text != null && !isStorable(text)) {
        throw context.weirdStringException("", String.class, "it has a NUL or half a surrogate");
      }
      return text;
    }
  }

  private static final class Key extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) throws IOException {
      if (!isStorable(key)) {
        throw context.weirdKeyException(String.class, "", "it has a NUL or half a surrogate");
      }
      return key;
    }
  }
}
