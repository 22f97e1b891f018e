package dev.relayauth.common.http;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which methods the routes of this service take, since the framework's 405 doesn't say. */
@Singleton
public class AllowedMethods {
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

  private final BeanManager beans;
  private volatile @Nullable List<Route> known;

  AllowedMethods(BeanManager beans) {
    this.beans = beans;
  }

  private record Route(Pattern path, String method) {}

  /** The methods of a path as {@code Allow} names them; empty when no route has it. */
  String of(String path) {
    SortedSet<String> methods = new TreeSet<>();
    List<Route> routes = known;
    if (routes == null) {
      routes = routes();
      known = routes;
    }
    for (Route route : routes) {
      if (route.path().matcher(path).matches()) {
        methods.add(route.method());
      }
    }
    return String.join(", ", methods);
  }

  private List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      Path root = bean.getBeanClass().getAnnotation(Path.class);
      if (root != null) {
        for (Method method : bean.getBeanClass().getMethods()) {
          add(routes, root, method);
        }
      }
    }
    return routes;
  }

  private static void add(List<Route> routes, Path root, Method method) {
    for (Annotation annotation : method.getAnnotations()) {
      HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (verb != null) {
        Path sub = method.getAnnotation(Path.class);
        routes.add(new Route(pattern(root.value(), sub == null ? "" : sub.value()), verb.value()));
      }
    }
  }

  private static Pattern pattern(String root, String sub) {
    String template = ("/" + root + "/" + sub).replaceAll("/+", "/").replaceAll("/$", "");
    StringBuilder regex = new StringBuilder();
    for (String literal : PARAMETER.split(template, -1)) {
      regex.append(regex.isEmpty() ? "" : "[^/]+").append(Pattern.quote(literal));
    }
    return Pattern.compile(regex + "/?");
  }
}
