package dev.relayauth.token.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Forms as they arrive: the framework's own reader fails on one that is not well-formed. */
public final class FormBody {
  /** How many fields are read; what is beyond is not there. */
  public static final int MAX_FIELDS = 128;

  private FormBody() {}

  /** The fields of a form, each with its values in order; refuses one that is not well-formed. */
  public static Map<String, List<String>> read(@Nullable String body) {
    try {
      return new QueryStringDecoder(
              body == null ? "" : body, StandardCharsets.UTF_8, false, MAX_FIELDS, true)
          .parameters();
    } catch (IllegalArgumentException e) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "the form is not well-formed");
    }
  }
}
