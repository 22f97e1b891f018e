package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A member that has two spellings, as {@code orgId} and {@code org_id}, may come in either, never
 * in both: which one counts would be a matter of order, and of who reads it. Equal values are
 * refused too, as a member that comes twice under one name is.
 */
final class OneSpelling {
  private OneSpelling() {}

  /** Refuses the second spelling wherever JSON is read into something with aliases. */
  static SimpleModule module() {
    return new SimpleModule("one-spelling")
        .setDeserializerModifier(
            new BeanDeserializerModifier() {
              private static final long serialVersionUID = 1L;

              @Override
              public JsonDeserializer<?> modifyDeserializer(
                  DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> reader) {
                Map<String, String> names = names(config.getAnnotationIntrospector(), bean);
                return names.isEmpty() ? reader : new Reader(reader, names);
              }
            });
  }

  /** Every spelling of the members that have several, with the member's own name. */
  private static Map<String, String> names(AnnotationIntrospector reader, BeanDescription bean) {
    Map<String, String> names = new HashMap<>();
    for (BeanPropertyDefinition member : bean.findProperties()) {
      List<PropertyName> aliases =
          member.getPrimaryMember() == null
              ? null
              : reader.findPropertyAliases(member.getPrimaryMember());
      if (aliases != null && !aliases.isEmpty()) {
        names.put(member.getName(), member.getName());
        aliases.forEach(alias -> names.put(alias.getSimpleName(), member.getName()));
      }
    }
    return Map.copyOf(names);
  }

  private static final class Reader extends DelegatingDeserializer {
    private static final long serialVersionUID = 1L;

    private final Map<String, String> names;

    Reader(JsonDeserializer<?> reader, Map<String, String> names) {
      super(reader);
      this.names = names;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> reader) {
      return new Reader(reader, names);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return super.deserialize(new Watch(json, names), context);
    }
  }

  /** The parser of one object, which looks at the names of its members as they pass. */
  private static final class Watch extends JsonParserDelegate {
    private final Map<String, String> names;
    private final JsonStreamContext object;
    private final Set<String> seen = new HashSet<>(4);

    Watch(JsonParser json, Map<String, String> names) throws IOException {
      super(json);
      this.names = names;
      this.object = json.getParsingContext();
      look(json.currentToken());
    }

    @Override
    public JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      look(token);
      return token;
    }

    private void look(@Nullable JsonToken token) throws IOException {
      if (token == JsonToken.FIELD_NAME && getParsingContext() == object) {
        String member = names.get(currentName());
        if (member != null && !seen.add(member)) {
          throw new TwiceNamedException(this, member);
        }
      }
    }
  }
}
