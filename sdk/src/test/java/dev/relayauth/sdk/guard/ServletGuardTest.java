package dev.relayauth.sdk.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.sdk.verify.FakeIssuer;
import dev.relayauth.sdk.verify.TokenVerifier;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServletGuardTest {
  private final Map<String, String> headers = new HashMap<>();
  private int status;

  @Test
  void saysWhenToComeAgainWhileNobodyCanKnow() throws Exception {
    String token;
    String url;
    try (FakeIssuer gone = new FakeIssuer()) {
      token = gone.token("stripe:orders:read");
      url = gone.url();
    }
    Guard guard =
        Guard.local(
            TokenVerifier.builder()
                .issuer(url)
                .organization("org_acme")
                .audience(List.of("stripe"))
                .withoutRevocations()
                .build());

    new ServletGuard(guard, "stripe:orders:read")
        .doFilter(
            request("Bearer " + token),
            response(),
            (request, response) -> {
              throw new AssertionError("nobody gets in");
            });

    assertThat(status).isEqualTo(503);
    assertThat(headers).containsEntry("Retry-After", "1").doesNotContainKey("WWW-Authenticate");
  }

  private static HttpServletRequest request(String authorization) {
    return faked(
        HttpServletRequest.class,
        (name, arguments) ->
            switch (name) {
              case "getHeader" -> authorization;
              case "getHeaders" -> Collections.emptyEnumeration();
              case "getMethod" -> "GET";
              case "getServletPath" -> "/orders";
              case "getRequestURL" -> new StringBuffer("http://shop.example/orders");
              default -> null;
            });
  }

  private HttpServletResponse response() {
    return faked(
        HttpServletResponse.class,
        (name, arguments) -> {
          switch (name) {
            case "setStatus" -> status = (int) arguments[0];
            case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
            default -> {}
          }
          return name.equals("getOutputStream") ? new Ignored() : null;
        });
  }

  private interface Answers {
    Object to(String method, Object[] arguments);
  }

  private static <T> T faked(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.to(method.getName(), arguments)));
  }

  private static final class Ignored extends ServletOutputStream {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {}

    @Override
    public void write(int next) {}
  }
}
