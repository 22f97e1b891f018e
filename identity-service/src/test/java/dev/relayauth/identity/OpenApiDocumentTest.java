package dev.relayauth.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.identity.OpenApiDocument.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client can be made of the document: it says what goes in, what comes out, and how it looks. */
class OpenApiDocumentTest {
  /** Bodies that say how; without one the route does the usual. */
  private static final Set<String> MAY_BE_LEFT_OUT =
      Set.of(
          "POST /ssf/v1/poll/{stream}",
          "POST /v1/api-keys/{id}/rotate",
          "POST /v1/approvals/{id}/approve",
          "POST /v1/approvals/{id}/reject",
          "POST /v1/budgets/{identityId}/reservations/{reservation}/commit",
          "POST /v1/decisions/{id}:replay",
          "POST /v1/keys/rotate",
          "POST /v1/policy-tests:run");

  /** Answers of which each member may be missing, by what they are about. */
  private static final Set<String> NOTHING_REQUIRED =
      Set.of("BudgetLimits", "Evaluations", "Matched", "Spending");

  private static final String LACKING = ErrorCode.INSUFFICIENT_SCOPE.slug();

  private static final Map<String, ErrorCode> CODES =
      Arrays.stream(ErrorCode.values())
          .collect(Collectors.toMap(ErrorCode::slug, Function.identity()));

  private static OpenApiDocument document;

  @BeforeAll
  static void read() throws IOException {
    document = OpenApiDocument.read();
  }

  @Test
  void saysWhichBodiesAreNeeded() {
    Set<String> notNeeded = new TreeSet<>();
    document
        .operations()
        .forEach(
            (name, operation) -> {
              JsonNode body = operation.path("requestBody");
              if (!body.isMissingNode() && !body.path("required").asBoolean()) {
                notNeeded.add(name);
              }
            });

    assertThat(notNeeded).containsExactlyInAnyOrderElementsOf(MAY_BE_LEFT_OUT);
  }

  @Test
  void hasNoObjectOfWhichItSaysNothing() {
    List<String> bare = new ArrayList<>();
    document.schemas().forEach((name, schema) -> collectBare(name, schema, bare));
    Stream.concat(document.sent().stream(), document.answered().stream())
        .forEach(content -> collectBare(content.where(), content.schema(), bare));

    assertThat(bare).isEmpty();
  }

  private static void collectBare(String where, JsonNode schema, List<String> bare) {
    if (schema.isEmpty()
        || (schema.path("type").asText().equals("object")
            && Stream.of("properties", "additionalProperties", "required")
                .noneMatch(schema::has))) {
      bare.add(where);
    }
    OpenApiDocument.members(schema.path("properties"))
        .forEach((name, member) -> collectBare(where + "/" + name, member, bare));
    if (schema.has("items")) {
      collectBare(where + "/*", schema.path("items"), bare);
    }
    Stream.of("allOf", "oneOf", "anyOf")
        .forEach(many -> schema.path(many).forEach(part -> collectBare(where, part, bare)));
  }

  @Test
  void saysOfEachAnswerWhatIsAlwaysThere() {
    Set<String> answered = new TreeSet<>();
    document.answered().forEach(content -> collectNames(content.schema(), answered));

    assertThat(answered)
        .filteredOn(name -> document.schema(name).path("type").asText().equals("object"))
        .filteredOn(name -> document.required(document.schema(name)).isEmpty())
        .containsExactlyInAnyOrderElementsOf(NOTHING_REQUIRED);
  }

  /** The named schemas that a schema is made of. */
  private static void collectNames(JsonNode schema, Set<String> names) {
    for (JsonNode reference : schema.findValues("$ref")) {
      String path = reference.asText();
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (names.add(name)) {
        collectNames(document.schema(name), names);
      }
    }
  }

  @Test
  void requiresOnlyMembersThatItHas() {
    document
        .schemas()
        .forEach(
            (name, schema) ->
                assertThat(document.properties(schema))
                    .as(name)
                    .containsAll(document.required(schema)));
  }

  @Test
  void hasAnExampleOfEveryBodyThatItsSchemaTakes() {
    List<String> wrong = new ArrayList<>();
    for (Content content :
        Stream.concat(document.sent().stream(), document.answered().stream()).toList()) {
      List<JsonNode> examples = document.examples(content);
      if (examples.isEmpty()) {
        wrong.add(content.where() + " has no example of " + content.mediaType());
      }
      for (JsonNode example : examples) {
        document
            .faults(content.schema(), example)
            .forEach(fault -> wrong.add(content.where() + ": " + fault));
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void namesTheErrorCodesOfEachOperationUnderAStatusThatItMayAnswer() {
    List<String> wrong = new ArrayList<>();
    document
        .operations()
        .forEach(
            (name, operation) -> {
              Set<String> known = name.contains(" /oauth/") ? codesOfOAuth() : CODES.keySet();
              for (JsonNode code : operation.path("x-error-codes")) {
                boolean answers =
                    !CODES.containsKey(code.asText())
                        || name.contains(" /oauth/")
                        || operation
                            .path("responses")
                            .has(Integer.toString(CODES.get(code.asText()).status()));
                if (!known.contains(code.asText()) || !answers) {
                  wrong.add(name + ": " + code.asText());
                }
              }
              boolean needsScope = operation.has("x-required-scopes");
              if (needsScope && !operation.path("x-error-codes").toString().contains(LACKING)) {
                wrong.add(name + " needs a scope");
              }
              if (operation.has("requestBody") && !operation.has("x-error-codes")) {
                wrong.add(name + " has none");
              }
            });

    assertThat(wrong).isEmpty();
  }

  private static Set<String> codesOfOAuth() {
    Set<String> codes = new TreeSet<>();
    document
        .schema("OAuthError")
        .at("/properties/error/enum")
        .forEach(code -> codes.add(code.asText()));
    return codes;
  }
}
