package dev.relayauth.policy.adapter.grpc;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Protobuf's JSON values as ours. */
final class Structs {
  private static final int MAX_DEPTH = 32;

  private Structs() {}

  static Map<String, @Nullable Object> toMap(Struct struct) {
    return toMap(struct, 0);
  }

  private static Map<String, @Nullable Object> toMap(Struct struct, int depth) {
    Map<String, @Nullable Object> map = new HashMap<>();
    struct.getFieldsMap().forEach((name, value) -> map.put(name, toObject(value, depth + 1)));
    return map;
  }

  private static @Nullable Object toObject(Value value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "the context is nested too deeply");
    }
    return switch (value.getKindCase()) {
      case NULL_VALUE, KIND_NOT_SET -> null;
      case BOOL_VALUE -> value.getBoolValue();
      case STRING_VALUE -> value.getStringValue();
      case NUMBER_VALUE -> number(value.getNumberValue());
      case STRUCT_VALUE -> toMap(value.getStructValue(), depth);
      case LIST_VALUE -> {
        List<Value> values = value.getListValue().getValuesList();
        yield values.stream().map(item -> String.valueOf(toObject(item, depth + 1))).toList();
      }
    };
  }

  private static BigDecimal number(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "the context has no number there");
    }
    return BigDecimal.valueOf(number);
  }
}
