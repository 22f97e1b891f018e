package dev.relayauth.sdk.guard;

import dev.relayauth.sdk.DpopKey;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/**
 * Guards what a servlet container serves under the filter's mapping. In the template {@code {path}}
 * is the request's path inside the application and {@code {method}} its method in lower case. The
 * token of an admitted request is its attribute {@link JaxRsGuard#TOKEN}.
 */
public final class ServletGuard implements Filter {
  private final Guard guard;
  private final ScopeTemplate required;

  public ServletGuard(Guard guard, String scope) {
    this.guard = guard;
    this.required = new ScopeTemplate(scope);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    String path = asked.getServletPath() + (asked.getPathInfo() == null ? "" : asked.getPathInfo());
    Map<String, String> parameters =
        Map.of(
            "path",
            path.startsWith("/") ? path.substring(1) : path,
            "method",
            asked.getMethod().toLowerCase(java.util.Locale.ROOT));
    Guard.Outcome outcome = guard.check(credential(asked), required, parameters::get);
    if (outcome instanceof Guard.Admitted admitted) {
      request.setAttribute(JaxRsGuard.TOKEN, admitted.token());
      chain.doFilter(request, response);
    } else {
      refuse((HttpServletResponse) response, (Guard.Refused) outcome);
    }
  }

  private static Guard.Request credential(HttpServletRequest asked) {
    return new Guard.Request(
        asked.getHeader("Authorization"),
        Collections.list(asked.getHeaders(DpopKey.HEADER)),
        asked.getMethod(),
        asked.getRequestURL().toString());
  }

  private static void refuse(HttpServletResponse response, Guard.Refused refused)
      throws IOException {
    response.setStatus(refused.status());
    response.setContentType("application/problem+json");
    if (refused.challenge() != null) {
      response.setHeader("WWW-Authenticate", refused.challenge());
    }
    if (refused.status() == 503) {
      response.setHeader("Retry-After", "1");
    }
    response.getOutputStream().write(Problems.of(refused).getBytes(StandardCharsets.UTF_8));
  }
}
