package dev.relayauth.audit.adapter.http.console;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Guards the files of the console, which Quarkus serves from {@code META-INF/resources/console}.
 * They hold no secret and need no credential: everything that is worth protecting comes from the
 * API, by the credential that is entered in the page. What they are allowed to load and to be
 * embedded in is as little as a page can do with.
 */
@Singleton
public final class ConsolePages {
  /**
   * No inline script or style, nothing from elsewhere, no frame around it, no form that is sent.
   */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
          + "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private static final String HOME = "/console/";
  private static final int BEFORE_THE_FILES = Integer.MIN_VALUE;

  void register(@Observes Router router) {
    router.route("/console*").order(BEFORE_THE_FILES).handler(ConsolePages::enter);
  }

  private static void enter(RoutingContext context) {
    String path = context.normalizedPath();
    if (!path.equals("/console") && !path.startsWith(HOME)) {
      context.next();
      return;
    }
    harden(context.response().headers());
    if (path.equals("/console")) {
      // The addresses in the page are relative to its folder, as is this one to where it was asked
      // for.
      context.response().setStatusCode(308).putHeader("Location", "console/").end();
    } else if (isRead(context.request().method())) {
      context.next();
    } else {
      context.response().setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
    }
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static void harden(MultiMap headers) {
    headers
        .set("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer")
        .set("X-Frame-Options", "DENY")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        // Asked for again each time, so that a new release is never run with parts of an old one.
        .set("Cache-Control", "no-cache");
  }
}
