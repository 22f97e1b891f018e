package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads questions as the resources do, by readers made once. */
final class QuestionJson {
  private static final ObjectReader ONE = Json.MAPPER.readerFor(AuthorizeBody.class);
  private static final ObjectReader MANY = Json.MAPPER.readerFor(BatchBody.class);

  private QuestionJson() {}

  static AuthorizeBody one(byte[] body) {
    return read(ONE, body);
  }

  static BatchBody many(byte[] body) {
    return read(MANY, body);
  }

  private static <T> T read(ObjectReader reader, byte[] body) {
    if (body.length == 0) {
      throw missing();
    }
    try {
      @Nullable T read = reader.readValue(body);
      if (read == null) {
        throw missing();
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new CompletionException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RefusedException missing() {
    return new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON body is required");
  }
}
