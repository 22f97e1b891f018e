package dev.relayauth.common.id;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of roles and policies: kebab-case, 3 to 64 characters, {@code relayauth-} is ours. */
public final class RuleNames {
  /** What the names of built-in roles begin with. */
  public static final String RESERVED = "relayauth-";

  private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private RuleNames() {}

  /** What is wrong with a name; empty when nothing is. */
  public static Optional<String> fault(@Nullable String name) {
    if (name == null) {
      return Optional.of("is required");
    }
    if (name.length() < 3 || name.length() > 64 || !KEBAB.matcher(name).matches()) {
      return Optional.of("is kebab-case, 3 to 64 characters, such as billing-reader");
    }
    return name.startsWith(RESERVED)
        ? Optional.of("begins with relayauth-, which is reserved")
        : Optional.empty();
  }
}
