package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.scope.ScopeSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * For whom a token is: the planes of its scopes, or those of them and of the registered resources
 * that were asked for.
 */
final class AudienceChoice {
  /** Our own API. */
  static final String OWN = "relayauth";

  /** As many as a verifier reads. */
  private static final int MAX = 64;

  private static final String ANY = "*";
  private static final Pattern PLANE = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private AudienceChoice() {}

  static Outcome<List<String>> choose(
      List<String> requested, ScopeSet scopes, Set<String> resources, Addressees source) {
    Set<String> planes = scopes.planes();
    List<String> audience = List.copyOf(new LinkedHashSet<>(requested));
    if (audience.isEmpty() && source.audience().isEmpty()) {
      audience = byDefault(planes);
    } else if (audience.isEmpty()) {
      audience =
          source.audience().stream()
              .filter(one -> resources.contains(one) || isAllowed(one, planes))
              .toList();
    }
    if (audience.isEmpty()) {
      return refuse("/audience must be named: the scopes are for nobody whom the subject is for");
    }
    // RFC 8707 §3: whoever was handed a token for itself must not make one for others of it.
    if (!audience.stream().allMatch(source::allow)) {
      return refuse(
          source.others()
              ? "/audience may not add relayauth to those of the subject"
              : "/audience may not add to those of the subject without the actor's authentication");
    }
    if (audience.size() > MAX) {
      return refuse("/audience may name " + MAX + " at most");
    }
    for (String one : audience) {
      if (!resources.contains(one) && !isAllowed(one, planes)) {
        return refuse(
            "/audience must name planes of the scopes, relayauth, or registered resources");
      }
    }
    return Outcome.of(audience);
  }

  private static List<String> byDefault(Set<String> planes) {
    LinkedHashSet<String> audience = new LinkedHashSet<>();
    planes.forEach(plane -> audience.add(plane.equals(ANY) ? OWN : plane));
    return List.copyOf(audience);
  }

  private static boolean isAllowed(String audience, Set<String> planes) {
    return audience.equals(OWN)
        || (planes.contains(audience) && !audience.equals(ANY))
        || (planes.contains(ANY) && PLANE.matcher(audience).matches());
  }

  private static Outcome<List<String>> refuse(String detail) {
    return Outcome.refuse(Refusal.of(ErrorCode.VALIDATION_FAILED, detail));
  }
}
