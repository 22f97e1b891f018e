package dev.relayauth.policy.domain.approval;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an approval is bound to: organisation, agent, scope and context, without {@code ip} and
 * {@code time}, which differ each time the same thing is asked. Equal for requests that differ in
 * the order of members or the spelling of a number, and for no others.
 */
public final class RequestHash {
  private final MessageDigest digest;

  private RequestHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The hash, in lower-case hex. */
  public static String of(String org, String agent, String scope, Map<String, ?> context) {
    RequestHash hash = new RequestHash();
    hash.text(org);
    hash.text(agent);
    hash.text(scope);
    Map<String, Object> bound = new TreeMap<>(context);
    bound.remove("ip");
    bound.remove("time");
    hash.members(bound);
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  /** Each value with its kind and length first, so that no two values read alike. */
  private void value(@Nullable Object value) {
    switch (value) {
      case null -> tag('0', 0);
      case Map<?, ?> map -> members(map);
      case List<?> list -> {
        tag('l', list.size());
        list.forEach(this::value);
      }
      case Number number -> scalar('n', canonical(number));
      case Boolean flag -> scalar('b', flag.toString());
      default -> scalar('s', value.toString());
    }
  }

  private void members(Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((name, value) -> sorted.put(String.valueOf(name), value));
    tag('m', sorted.size());
    sorted.forEach(
        (name, value) -> {
          text(name);
          value(value);
        });
  }

  private void text(String text) {
    scalar('s', text);
  }

  private void scalar(char kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    tag(kind, bytes.length);
    digest.update(bytes);
  }

  private void tag(char kind, int length) {
    digest.update((kind + Integer.toString(length) + ":").getBytes(StandardCharsets.US_ASCII));
  }

  private static String canonical(Number number) {
    BigDecimal decimal =
        number instanceof BigDecimal known ? known : new BigDecimal(number.toString());
    return decimal.stripTrailingZeros().toString();
  }
}
