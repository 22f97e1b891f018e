package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.common.scope.ScopeSet;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scope language, for tools and people. */
@Path("/v1/scopes")
public final class ScopeResource {
  /** A text that may be a scope. */
  public record Candidate(@Nullable String scope) {}

  /** A scope, taken apart. */
  public record Parts(String plane, String resource, String action, String path, String raw) {}

  /** Is what is requested covered by what is granted? */
  public record Question(
      @JsonAlias("scopes") @Nullable List<String> granted,
      @JsonAlias("scope") @Nullable String requested) {}

  /** Whether, and by which. */
  public record Coverage(boolean allowed, @Nullable String matched) {}

  /** A set of scopes that many need. */
  public record Template(String name, String description, List<String> scopes) {}

  /** All templates. */
  public record Templates(List<Template> data) {}

  private static final Templates TEMPLATES =
      new Templates(
          List.of(
              new Template(
                  "billing-reader",
                  "Reads orders and invoices",
                  List.of("stripe:orders:read", "stripe:invoices:read")),
              new Template(
                  "order-approver",
                  "Reads orders and approves them up to 5000",
                  List.of("stripe:orders:read", "stripe:orders:approve:<=5000")),
              new Template(
                  "channel-writer",
                  "Reads and writes one channel",
                  List.of("relaycast:channel:read:#billing", "relaycast:channel:write:#billing")),
              new Template(
                  "document-editor",
                  "Manages the files below one folder",
                  List.of("relayfile:fs:manage:/docs/*")),
              new Template(
                  "repository-reader",
                  "Reads source code and issues",
                  List.of("github:contents:read", "github:issues:read")),
              new Template(
                  "relayauth-observer",
                  "Reads everything of RelayAuth, changes nothing",
                  List.of("relayauth:*:read")),
              new Template(
                  "enforcement-point",
                  "Asks whether agents may act",
                  List.of("relayauth:scope:read", "relayauth:token:read"))));

  /** Reads a scope; one that can't be read is 400 {@code invalid_scope}. */
  @POST
  @Path("validate")
  @RequiresScope("relayauth:scope:read")
  @NonBlocking
  public Parts validate(@Nullable Candidate sent) {
    String text = AdministrativeWrites.require(sent).scope();
    new Violations().check(text != null, "/scope", "is required").throwIfAny();
    Scope scope = Scope.parse(String.valueOf(text));
    return new Parts(scope.plane(), scope.resource(), scope.action(), scope.path(), scope.raw());
  }

  /** Whether one scope of a set covers another. */
  @POST
  @Path("check")
  @RequiresScope("relayauth:scope:read")
  @NonBlocking
  public Coverage check(@Nullable Question sent) {
    Question question = AdministrativeWrites.require(sent);
    List<String> granted = question.granted();
    new Violations()
        .check(granted != null, "/granted", "is required")
        .list(granted, "/granted", ScopeSet.MAX_SIZE)
        .check(question.requested() != null, "/requested", "is required")
        .throwIfAny();
    Scope requested = Scope.parse(String.valueOf(question.requested()));
    String matched =
        ScopeSet.of(granted == null ? List.of() : granted)
            .coveringGrant(requested)
            .map(Scope::raw)
            .orElse(null);
    return new Coverage(matched != null, matched);
  }

  /** Sets of scopes to begin with. */
  @GET
  @Path("templates")
  @RequiresScope("relayauth:scope:read")
  @NonBlocking
  public Templates templates() {
    return TEMPLATES;
  }
}
