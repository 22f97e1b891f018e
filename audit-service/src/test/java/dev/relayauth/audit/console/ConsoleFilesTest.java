package dev.relayauth.audit.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the files of the console may not contain, whoever writes them next. */
class ConsoleFilesTest {
  private static final Path FILES = Path.of("src/main/resources/META-INF/resources/console");
  private static final Pattern IMPORT = Pattern.compile("from \"([^\"]+)\"");
  private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^#\"]+)\"");

  /** Whatever turns text into markup or code. */
  private static final Pattern SINK =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|createContextualFragment"
              + "|DOMParser|setHTML|srcdoc|\\beval\\b|new Function|javascript:|import\\(");

  /** Where a credential would outlive the page. */
  private static final Pattern STORE =
      Pattern.compile("sessionStorage|indexedDB|document\\.cookie|caches\\.|serviceWorker");

  private static final Pattern ELSEWHERE = Pattern.compile("(?:https?:)?//[a-z0-9-]+\\.[a-z]");

  @Test
  void noFileTurnsTextIntoMarkupOrCode() throws IOException {
    assertThat(matches(SINK)).isEmpty();
  }

  @Test
  void noFileKeepsACredentialLongerThanThePageLives() throws IOException {
    assertThat(matches(STORE)).isEmpty();
    assertThat(matches(Pattern.compile("localStorage"))).containsOnlyKeys("js/theme.js");
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    Map<String, String> found = matches(ELSEWHERE);
    // The name of a namespace, which nobody fetches.
    found.values().removeIf("http://www.w"::equals);
    assertThat(found).isEmpty();
  }

  @Test
  void thePageHasNoInlineScriptOrStyle() throws IOException {
    String page = Files.readString(FILES.resolve("index.html"));
    assertThat(page)
        .doesNotContain("<style", "style=")
        .doesNotContainPattern("<script(?![^>]*\\bsrc=)")
        .doesNotContainPattern("\\son[a-z]+=");
  }

  @Test
  void everythingThatIsReferredToIsThere() throws IOException {
    List<String> missing =
        files()
            .flatMap(
                file ->
                    Stream.concat(references(file, IMPORT), references(file, REFERENCE))
                        .filter(target -> !Files.isRegularFile(target))
                        .map(target -> file + " → " + target))
            .toList();
    assertThat(missing).isEmpty();
  }

  private static Stream<Path> references(Path file, Pattern pattern) {
    URI folder = file.toUri();
    return pattern
        .matcher(text(file))
        .results()
        .map(found -> Path.of(folder.resolve(found.group(1))));
  }

  /** The first match in each file that has one. */
  private static Map<String, String> matches(Pattern pattern) throws IOException {
    Map<String, String> found = new TreeMap<>();
    files()
        .forEach(
            file ->
                pattern
                    .matcher(text(file))
                    .results()
                    .findFirst()
                    .map(MatchResult::group)
                    .ifPresent(match -> found.put(name(file), match)));
    return found;
  }

  private static String name(Path file) {
    return FILES.relativize(file).toString().replace('\\', '/');
  }

  private static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FILES)) {
      List<Path> found = all.filter(Files::isRegularFile).toList();
      assertThat(found).hasSizeGreaterThan(20);
      return found.stream();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
