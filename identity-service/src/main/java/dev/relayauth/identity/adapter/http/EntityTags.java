package dev.relayauth.identity.adapter.http;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions as strong entity tags (RFC 9110 §8.8.3). */
final class EntityTags {
  private static final Pattern FORM = Pattern.compile("\"v(\\d{1,18})\"");

  private EntityTags() {}

  static String of(long version) {
    return "\"v" + version + "\"";
  }

  /** The version that {@code If-Match} demands; null for none or {@code *}. */
  static @Nullable Long version(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    Matcher matcher = FORM.matcher(ifMatch.strip());
    if (!matcher.matches()) {
      throw new RefusedException(
          ErrorCode.PRECONDITION_FAILED, "If-Match is not an ETag of this resource");
    }
    return Long.valueOf(matcher.group(1));
  }
}
