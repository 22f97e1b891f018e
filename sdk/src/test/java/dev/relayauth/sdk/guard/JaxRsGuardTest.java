package dev.relayauth.sdk.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.relayauth.sdk.verify.TokenVerifier;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which routes are guarded: all that JAX-RS serves for a method or type with a scope. */
class JaxRsGuardTest {
  private static final String READ = "stripe:orders:read";
  private static final String WRITE = "stripe:orders:write";
  private static final Guard GUARD =
      Guard.local(
          TokenVerifier.builder()
              .issuer("https://auth.example")
              .organization("org_acme")
              .audience(List.of("stripe"))
              .withoutRevocations()
              .build());

  @RequiresScope(READ)
  static class Base {
    @GET
    public String a() {
      return "";
    }

    @POST
    @RequiresScope(WRITE)
    public String write() {
      return "";
    }
  }

  static class Sub extends Base {
    @Override
    public String a() {
      return "";
    }

    @GET
    @Path("b")
    public String b() {
      return "";
    }

    @Override
    public String write() {
      return "";
    }
  }

  @RequiresScope("stripe:orders:list")
  static class Narrower extends Base {
    @Override
    @RequiresScope("stripe:orders:approve")
    public String write() {
      return "";
    }
  }

  interface Api {
    @GET
    @RequiresScope(READ)
    String x();

    @GET
    @Path("open")
    String open();
  }

  static class ByMethod implements Api {
    @Override
    public String x() {
      return "";
    }

    @Override
    public String open() {
      return "";
    }

    @GET
    @Path("other")
    public String x(String other) {
      return other;
    }
  }

  static class Further extends ByMethod {}

  @RequiresScope(READ)
  interface Whole {
    @GET
    String y();
  }

  interface Between extends Whole {}

  static class ByType implements Between {
    @Override
    public String y() {
      return "";
    }
  }

  interface WithDefault {
    @GET
    @RequiresScope(READ)
    default String z() {
      return "";
    }
  }

  static class ByDefault implements WithDefault {}

  interface Generic<T> {
    @POST
    @RequiresScope(WRITE)
    String put(T value);
  }

  static class ByGeneric implements Generic<String> {
    @Override
    public String put(String value) {
      return value;
    }

    public String put(Integer value) {
      return value.toString();
    }
  }

  static class Plain {
    public String put(String value) {
      return value;
    }
  }

  static class ByInheritedMethod extends Plain implements Generic<String> {}

  interface Stricter extends Api {
    @Override
    @RequiresScope(WRITE)
    String x();
  }

  interface Beside extends Api {}

  static class ByBoth implements Beside, Stricter {
    @Override
    public String x() {
      return "";
    }

    @Override
    public String open() {
      return "";
    }
  }

  interface Contrary {
    @GET
    @RequiresScope(WRITE)
    String x();
  }

  abstract static class Undecided implements Api, Contrary {}

  static class ClassFirst extends Base implements Contrary {
    @Override
    public String x() {
      return "";
    }

    @Override
    @RequiresScope(READ)
    public String write() {
      return "";
    }
  }

  @Test
  void guardsWhatCarriesAScopeItself() {
    assertThat(scopeOf(Base.class, "a")).contains(READ);
    assertThat(scopeOf(Base.class, "write")).contains(WRITE);
  }

  @Test
  void guardsWhatOverridesOrExtends() {
    assertThat(scopeOf(Sub.class, "a")).contains(READ);
    assertThat(scopeOf(Sub.class, "b")).contains(READ);
    assertThat(scopeOf(Sub.class, "write")).contains(WRITE);
  }

  @Test
  void guardsWhatImplementsAnInterface() {
    assertThat(scopeOf(ByMethod.class, "x")).contains(READ);
    assertThat(scopeOf(Further.class, "x")).contains(READ);
    assertThat(scopeOf(ByType.class, "y")).contains(READ);
    assertThat(scopeOf(ByDefault.class, "z")).contains(READ);
  }

  @Test
  void guardsWhatImplementsAGenericMethod() {
    assertThat(scopeOf(ByGeneric.class, "put", String.class)).contains(WRITE);
    assertThat(scopeOf(ByGeneric.class, "put", Object.class)).contains(WRITE);
    assertThat(scopeOf(ByInheritedMethod.class, "put", String.class)).contains(WRITE);
  }

  @Test
  void guardsARouteThatAServerKnowsByItsInterface() {
    assertThat(scopeOf(ByBoth.class, method(Api.class, "x"))).contains(WRITE);
    assertThat(scopeOf(ByType.class, method(Whole.class, "y"))).contains(READ);
  }

  @Test
  void leavesOtherRoutesAlone() {
    assertThat(scopeOf(ByMethod.class, "open")).isEmpty();
    assertThat(scopeOf(ByMethod.class, "x", String.class)).isEmpty();
    assertThat(scopeOf(ByGeneric.class, "put", Integer.class)).isEmpty();
    assertThat(scopeOf(Plain.class, "put", String.class)).isEmpty();
  }

  @Test
  void takesTheMostSpecificScope() {
    assertThat(scopeOf(Narrower.class, "a")).contains("stripe:orders:list");
    assertThat(scopeOf(Narrower.class, "write")).contains("stripe:orders:approve");
    assertThat(scopeOf(ByBoth.class, "x")).contains(WRITE);
    assertThat(scopeOf(ClassFirst.class, "x")).contains(WRITE);
    assertThat(scopeOf(ClassFirst.class, "write")).contains(READ);
  }

  @Test
  void servesNoRouteOfWhichNobodyKnowsTheScope() {
    assertThatThrownBy(() -> scopeOf(Undecided.class, "x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("different scopes");
  }

  private static Optional<String> scopeOf(Class<?> type, String name, Class<?>... parameters) {
    return scopeOf(type, method(type, name, parameters));
  }

  private static Method method(Class<?> type, String name, Class<?>... parameters) {
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  /** The scope that the route requires; a filter is put before it when there is one. */
  private static Optional<String> scopeOf(Class<?> type, Method method) {
    List<Object> registered = new ArrayList<>();
    FeatureContext context =
        (FeatureContext)
            Proxy.newProxyInstance(
                JaxRsGuardTest.class.getClassLoader(),
                new Class<?>[] {FeatureContext.class},
                (proxy, called, arguments) -> {
                  registered.add(arguments[0]);
                  return proxy;
                });
    new JaxRsGuard(GUARD).configure(new Route(type, method), context);

    Optional<String> scope = Requirements.of(type, method);
    assertThat(registered).hasSize(scope.isPresent() ? 1 : 0);
    assertThat(registered).allMatch(ContainerRequestFilter.class::isInstance);
    return scope;
  }

  private record Route(Class<?> type, Method method) implements ResourceInfo {
    @Override
    public Method getResourceMethod() {
      return method;
    }

    @Override
    public Class<?> getResourceClass() {
      return type;
    }
  }
}
