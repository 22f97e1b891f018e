package dev.relayauth.audit;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The schemas of events, as they are published. */
final class EventDocuments {
  private EventDocuments() {}

  static JsonSchema schema(String name) {
    String path = "/schemas/" + name + ".v1.json";
    try (InputStream json =
        Objects.requireNonNull(EventDocuments.class.getResourceAsStream(path), path)) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
