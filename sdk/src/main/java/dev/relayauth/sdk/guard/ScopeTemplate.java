package dev.relayauth.sdk.guard;

import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A scope with parameters in it. What a caller puts into a parameter can't widen the scope, nor
 * make another of it: with a wildcard, a colon or a dot segment it is no scope at all.
 */
public record ScopeTemplate(String text) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z0-9_.-]+)}");

  /** Refuses a template that is no scope whatever its parameters are. */
  public ScopeTemplate {
    Scope.parse(PARAMETER.matcher(text).replaceAll("x"));
  }

  /** The scope for these parameters; empty when they make none. */
  public Optional<Scope> fill(Function<String, @Nullable String> parameters) {
    Matcher matcher = PARAMETER.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      String value = parameters.apply(matcher.group(1));
      if (value == null || value.indexOf('*') >= 0 || value.indexOf(':') >= 0) {
        return Optional.empty();
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(filled);
    try {
      return Optional.of(Scope.parse(filled.toString()));
    } catch (InvalidScopeException e) {
      return Optional.empty();
    }
  }
}
