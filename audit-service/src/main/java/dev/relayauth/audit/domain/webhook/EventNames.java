package dev.relayauth.audit.domain.webhook;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The audit actions there are, and what a webhook may ask for: one, a family, or all. */
public final class EventNames {
  /** Everything. */
  public static final String ALL = "*";

  private static final Pattern PAST_TENSE = Pattern.compile("[a-z][a-z_]{1,40}");
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "token", Set.of("issued", "refreshed", "revoked", "validated", "exchanged"),
          "identity",
              Set.of("created", "updated", "suspended", "reactivated", "retired", "deleted"),
          "scope", Set.of("checked", "denied", "escalation_denied"),
          "role", Set.of("created", "updated", "deleted", "assigned", "removed"),
          "policy", Set.of("created", "updated", "deleted"),
          "budget",
              Set.of("updated", "alert", "exceeded", "reserved", "committed", "voided", "expired"),
          "key", Set.of("rotated", "removed"),
          "api_key", Set.of("created", "revoked"));

  /** Families whose members are not listed one by one. */
  private static final Set<String> OPEN =
      Set.of("sponsor", "workspace", "organization", "approval", "revocation", "signal_stream");

  private EventNames() {}

  /** Whether a webhook may ask for it. */
  public static boolean isKnown(String event) {
    int dot = event.indexOf('.');
    if (dot < 0) {
      return event.equals(ALL);
    }
    String family = event.substring(0, dot);
    String name = event.substring(dot + 1);
    return OPEN.contains(family)
        ? name.equals(ALL) || PAST_TENSE.matcher(name).matches()
        : KNOWN.containsKey(family)
            && (name.equals(ALL) || KNOWN.getOrDefault(family, Set.of()).contains(name));
  }

  /** Whether one of what was asked for is this action. */
  public static boolean match(List<String> asked, String action) {
    return asked.stream().anyMatch(one -> matches(one, action));
  }

  private static boolean matches(String asked, String action) {
    return asked.equals(ALL)
        || asked.equals(action)
        || (asked.endsWith(".*") && action.startsWith(asked.substring(0, asked.length() - 1)));
  }
}
