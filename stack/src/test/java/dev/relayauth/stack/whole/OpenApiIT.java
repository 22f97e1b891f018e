package dev.relayauth.stack.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.relayauth.stack.ServiceName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the services do: no more, no less. */
class OpenApiIT {
  private static final Path FILE =
      WholeStack.root()
          .resolve("identity-service/src/main/resources/META-INF/resources/openapi.yaml");
  private static final Pattern EXPRESSION = Pattern.compile("\\{(\\w+)\\s*:(?:[^{}]|\\{[^}]*})*}");

  /** Not a JAX-RS resource: it takes any method. */
  private static final String PROXIED = " /v1/ext-authz/";

  private static final List<String> VERBS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static JsonNode document;

  @BeforeAll
  static void read() throws IOException {
    document = new YAMLMapper().readTree(Files.readString(FILE));
  }

  @Test
  void namesEachRouteOfTheServicesWithItsOwnerAndScopesAndNoOther() {
    Map<String, String> documented = documented();
    documented.keySet().removeIf(route -> route.contains(PROXIED));

    assertThat(documented).containsExactlyInAnyOrderEntriesOf(annotated());
  }

  @Test
  void namesTheRouteOfProxiesUnderEveryVerb() {
    assertThat(documented().keySet())
        .filteredOn(route -> route.contains(PROXIED))
        .containsExactlyInAnyOrderElementsOf(
            VERBS.stream().map(verb -> verb + PROXIED + "{path}").toList());
  }

  @Test
  void namesEveryErrorCode() throws IOException {
    Path codes =
        WholeStack.root().resolve("common/src/main/java/dev/relayauth/common/error/ErrorCode.java");
    Matcher slugs = Pattern.compile("\\(\"(\\w+)\", \\d{3},").matcher(Files.readString(codes));
    List<String> known = slugs.results().map(slug -> slug.group(1)).toList();

    JsonNode named = document.at("/components/schemas/Problem/properties/code/enum");

    assertThat(named).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void hasNoReferenceThatLeadsNowhere() {
    assertThat(document.findValues("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse());
  }

  @Test
  void saysWhichParametersAQueryNeeds() {
    List<String> needed = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .findValues("parameters")
                    .forEach(
                        parameters ->
                            parameters.forEach(one -> needed(needed, path.getKey(), one))));

    assertThat(needed)
        .containsExactlyInAnyOrder(
            "/ssf/v1/status?stream_id",
            "/ssf/v1/streams?stream_id",
            "/v1/audit/checkpoint/consistency?from",
            "/v1/sessions?identityId",
            "/v1/tokens/introspect?token",
            "/v1/tokens/revocation?jti");
  }

  private static void needed(List<String> needed, String path, JsonNode parameter) {
    if (parameter.path("in").asText().equals("query") && parameter.path("required").asBoolean()) {
      needed.add(path + "?" + parameter.path("name").asText());
    }
  }

  @Test
  void isServedAndEveryRouteInItAnswers() throws Exception {
    WholeStack stack = WholeStack.shared();
    List<String> wrong = new ArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(send(client, "GET", stack.baseUrl() + "/openapi.yaml").body())
          .isEqualTo(Files.readString(FILE));
      for (String route : documented().keySet()) {
        String verb = route.split(" ")[0];
        String path = route.split(" ")[1];
        int status =
            send(client, verb, stack.baseUrl() + path.replaceAll("\\{\\w+}", "x")).statusCode();
        boolean open =
            operation(verb, path).path("security").isArray()
                && operation(verb, path).path("security").isEmpty();
        if (open ? Set.of(404, 405, 500).contains(status) : status != 401) {
          wrong.add(route + " → " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Map<String, String> documented() {
    Map<String, String> routes = new TreeMap<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        verb -> {
                          Set<String> scopes = new TreeSet<>();
                          verb.getValue()
                              .path("x-required-scopes")
                              .forEach(scope -> scopes.add(scope.asText()));
                          routes.put(
                              verb.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                              verb.getValue().at("/tags/0").asText() + " " + scopes);
                        }));
    routes.remove("GET /health");
    return routes;
  }

  private static JsonNode operation(String verb, String path) {
    return document.path("paths").path(path).path(verb.toLowerCase(Locale.ROOT));
  }

  private static Map<String, String> annotated() {
    Map<String, String> routes = new TreeMap<>();
    for (ServiceName service : ServiceName.values()) {
      Path classes = WholeStack.root().resolve(service.slug() + "-service/target/classes");
      for (JavaClass resource : new ClassFileImporter().importPath(classes)) {
        String base = path(resource);
        for (JavaMethod method : resource.getMethods()) {
          VERBS.stream()
              .filter(verb -> method.isAnnotatedWith("jakarta.ws.rs." + verb))
              .forEach(
                  verb ->
                      routes.put(
                          verb + " " + base + path(method), service.slug() + " " + scopes(method)));
        }
      }
    }
    routes.keySet().removeIf(route -> route.contains(" /internal/"));
    return routes;
  }

  private static String path(CanBeAnnotated element) {
    Object[] value = value(element, "jakarta.ws.rs.Path");
    String path = value.length == 0 ? "" : EXPRESSION.matcher((String) value[0]).replaceAll("{$1}");
    String trimmed = path.replaceAll("^/|/$", "");
    return trimmed.isEmpty() ? "" : "/" + trimmed;
  }

  private static Set<String> scopes(JavaMethod method) {
    Set<String> scopes = new TreeSet<>();
    Arrays.stream(value(method, "dev.relayauth.common.http.RequiresScope"))
        .forEach(scope -> scopes.add((String) scope));
    return scopes;
  }

  private static Object[] value(CanBeAnnotated element, String annotation) {
    Set<? extends JavaAnnotation<?>> annotations =
        element instanceof JavaClass type
            ? type.getAnnotations()
            : ((JavaMethod) element).getAnnotations();
    return annotations.stream()
        .filter(found -> found.getRawType().getName().equals(annotation))
        .findFirst()
        .flatMap(found -> found.get("value"))
        .map(found -> found instanceof Object[] many ? many : new Object[] {found})
        .orElse(new Object[0]);
  }

  private static HttpResponse<String> send(HttpClient client, String verb, String url)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(20))
            .method(verb, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
