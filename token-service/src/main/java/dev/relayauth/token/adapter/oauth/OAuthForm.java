package dev.relayauth.token.adapter.oauth;

import dev.relayauth.common.credential.CredentialVerifier;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.token.adapter.http.FormBody;
import dev.relayauth.token.domain.issuing.IssueRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of a request to an OAuth endpoint. An empty one is as good as none (§3.2). */
final class OAuthForm {
  private static final int MAX_TARGETS = 64;
  private static final int MAX_PARAMETERS = 64;

  private final Map<String, List<String>> values;

  OAuthForm(@Nullable String body) {
    this.values = FormBody.read(body);
    if (values.size() > MAX_PARAMETERS) {
      throw OAuthRefusal.request("too many parameters");
    }
  }

  /** A parameter that may be there once (RFC 6749 §3.2). */
  Optional<String> find(String name) {
    List<String> found = values.getOrDefault(name, List.of());
    if (found.size() > 1) {
      throw OAuthRefusal.request(name + " must not be repeated");
    }
    return found.stream().filter(value -> !value.isEmpty()).findFirst();
  }

  /** A parameter that must be there. */
  String require(String name) {
    return find(name).orElseThrow(() -> OAuthRefusal.request(name + " is required"));
  }

  /** The scopes, separated by spaces (RFC 6749 §3.3). */
  Optional<ScopeSet> scopes() {
    return find("scope").map(OAuthForm::scopes);
  }

  private static ScopeSet scopes(String text) {
    try {
      return ScopeSet.of(Arrays.stream(text.split(" ")).filter(s -> !s.isEmpty()).toList());
    } catch (InvalidScopeException e) {
      throw OAuthRefusal.scope("the scope is not valid: " + e.reason());
    }
  }

  /** What the issue is to be; a token of this endpoint comes without a refresh token. */
  IssueRequest wanted(String issuer) {
    return new IssueRequest(
        scopes(), audience(issuer), Optional.empty(), Optional.of(Duration.ofSeconds(1)));
  }

  /**
   * Whom the token is for: audiences by name (RFC 8693 §2.1), resources by URI (RFC 8707 §2). Our
   * own API is a resource; whether another is registered is for the issuer to say.
   */
  List<String> audience(String issuer) {
    List<String> audience =
        new ArrayList<>(
            values.getOrDefault("audience", List.of()).stream().filter(s -> !s.isEmpty()).toList());
    for (String resource : values.getOrDefault("resource", List.of())) {
      audience.add(isOwn(resource, issuer) ? CredentialVerifier.AUDIENCE : target(resource));
    }
    if (audience.size() > MAX_TARGETS) {
      throw OAuthRefusal.target("too many targets");
    }
    return List.copyOf(audience);
  }

  private static boolean isOwn(String resource, String issuer) {
    return resource.equals(issuer) || resource.equals(issuer + "/");
  }

  /** RFC 8707 §2: an absolute URI without a fragment. */
  private static String target(String resource) {
    try {
      URI uri = new URI(resource);
      if (uri.isAbsolute() && uri.getRawFragment() == null) {
        return resource;
      }
    } catch (URISyntaxException e) {
      throw OAuthRefusal.target("a resource is not a URI");
    }
    throw OAuthRefusal.target("a resource must be an absolute URI without a fragment");
  }

  /** Never the values. */
  @Override
  public String toString() {
    return "OAuthForm" + values.keySet();
  }
}
