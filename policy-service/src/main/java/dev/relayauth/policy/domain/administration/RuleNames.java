package dev.relayauth.policy.domain.administration;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of roles and policies: kebab-case, 3 to 64 characters, {@code relayauth-} is ours. */
final class RuleNames {
  private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private RuleNames() {}

  static void check(@Nullable String name, Faults faults) {
    if (name == null) {
      faults.note("/name", "is required");
    } else if (name.length() < 3 || name.length() > 64 || !KEBAB.matcher(name).matches()) {
      faults.note("/name", "is kebab-case, 3 to 64 characters, such as billing-reader");
    } else if (name.startsWith(BuiltInRoles.RESERVED)) {
      faults.note("/name", "begins with relayauth-, which is reserved");
    }
  }
}
