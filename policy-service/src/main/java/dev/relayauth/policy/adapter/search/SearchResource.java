package dev.relayauth.policy.adapter.search;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.adapter.http.AdministrativeWrites;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.RequestContext;
import dev.relayauth.policy.domain.search.AccessSearch;
import dev.relayauth.policy.domain.search.Held;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who can do that, what can this one do, who can touch this. Dry: nothing is spent or counted. */
@Path("/v1/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {
  private final Searches searches;

  SearchResource(Searches searches) {
    this.searches = searches;
  }

  /** What is looked for; each route reads what it needs. */
  public record Question(
      @Nullable String scope,
      @Nullable String resource,
      @JsonAlias("identity_id") @Nullable String identityId,
      IdentityState.@Nullable Type type,
      @Nullable Map<String, @Nullable Object> context,
      @Nullable Integer limit,
      @Nullable String cursor) {}

  /** An identity that may do what was asked about. */
  public record Able(
      String identityId,
      String name,
      IdentityState.Type type,
      @Nullable String grant,
      @Nullable String via,
      @Nullable String role) {}

  /** An identity that may touch what was asked about, and how. */
  public record Touching(
      String identityId, String name, IdentityState.Type type, List<String> actions) {}

  /** A scope that an identity holds, and whether it may use the whole of it now. */
  public record HeldScope(
      String scope,
      String via,
      @Nullable String role,
      boolean allowed,
      String reason,
      @Nullable String policy) {}

  /** Which identities can do that? */
  @POST
  @Path("identities")
  @RequiresScope("relayauth:scope:read")
  @RunOnVirtualThread
  public Page<Able> identities(@Nullable Question sent) {
    Question question = AdministrativeWrites.require(sent);
    new Violations().check(question.scope() != null, "/scope", "is required").throwIfAny();
    Scope scope = Scope.parse(String.valueOf(question.scope()));
    Searches.Query query = query("identities " + scope.raw() + typed(question), question);
    AccessSearch search = searches.begin(context(question), query.question());
    return page(searches.identities(query, question.type(), chain -> able(search, chain, scope)));
  }

  /** Which scopes has this identity? */
  @POST
  @Path("scopes")
  @RequiresScope("relayauth:scope:read")
  @RunOnVirtualThread
  public Page<HeldScope> scopes(@Nullable Question sent) {
    Question question = AdministrativeWrites.require(sent);
    new Violations().text(question.identityId(), "/identityId").throwIfAny();
    String id = String.valueOf(question.identityId());
    Searches.Query query = query("scopes " + id, question);
    AccessSearch search = searches.begin(context(question), query.question());
    List<Agent> chain = searches.chain(id);
    if (chain.isEmpty() || chain.getLast().state().status() == IdentityState.Status.deleted) {
      throw new RefusedException(ErrorCode.IDENTITY_NOT_FOUND, "there is no such identity");
    }
    Found<Held> found = searches.page(query, search.holdings(chain), held -> held.scope().raw());
    return new Page<>(
        found.items().stream().map(held -> held(search, chain, held)).toList(), found.next());
  }

  /** Which agents can touch this resource, {@code plane:resource[:path]}? */
  @POST
  @Path("agents")
  @RequiresScope("relayauth:scope:read")
  @RunOnVirtualThread
  public Page<Touching> agents(@Nullable Question sent) {
    Question question = AdministrativeWrites.require(sent);
    Scope probe = resource(question.resource());
    String text = "agents " + probe.plane() + ":" + probe.resource() + ":" + probe.path();
    Searches.Query query = query(text + typed(question), question);
    AccessSearch search = searches.begin(context(question), query.question());
    return page(
        searches.identities(query, question.type(), chain -> touching(search, chain, probe)));
  }

  private static <T> Page<T> page(Found<T> found) {
    return new Page<>(found.items(), found.next());
  }

  private static Optional<Able> able(AccessSearch search, List<Agent> chain, Scope scope) {
    Decision decision = search.decide(chain, scope);
    IdentityState state = chain.getLast().state();
    return decision.isAllowed()
        ? Optional.of(
            new Able(
                state.id(),
                state.name(),
                state.type(),
                decision.matched().grant(),
                decision.matched().via() == null ? null : decision.matched().via().wireName(),
                decision.matched().role()))
        : Optional.empty();
  }

  private static Optional<Touching> touching(AccessSearch search, List<Agent> chain, Scope probe) {
    List<String> actions = search.actions(chain, probe.plane(), probe.resource(), probe.path());
    IdentityState state = chain.getLast().state();
    return actions.isEmpty()
        ? Optional.empty()
        : Optional.of(new Touching(state.id(), state.name(), state.type(), actions));
  }

  private static HeldScope held(AccessSearch search, List<Agent> chain, Held held) {
    Decision decision = search.decide(chain, held.scope());
    return new HeldScope(
        held.scope().raw(),
        held.via(),
        held.role(),
        decision.isAllowed(),
        decision.reason().slug(),
        decision.matched().policy());
  }

  private static Scope resource(@Nullable String text) {
    new Violations().text(text, "/resource").throwIfAny();
    String[] parts = String.valueOf(text).split(":", -1);
    new Violations()
        .check(parts.length == 2 || parts.length == 3, "/resource", "is plane:resource[:path]")
        .throwIfAny();
    return Scope.parse(
        parts[0] + ":" + parts[1] + ":read" + (parts.length == 3 ? ":" + parts[2] : ""));
  }

  private static Searches.Query query(String text, Question question) {
    int limit = question.limit() == null ? Cursor.DEFAULT_LIMIT : question.limit();
    new Violations()
        .check(limit >= 1 && limit <= Cursor.MAX_LIMIT, "/limit", "is 1 to " + Cursor.MAX_LIMIT)
        .throwIfAny();
    return new Searches.Query(text, question.cursor(), limit);
  }

  private static String typed(Question question) {
    return question.type() == null ? "" : " of type " + question.type();
  }

  private static RequestContext context(Question question) {
    Violations violations = new Violations();
    RequestContext context =
        RequestContext.read(
            question.context(),
            (member, detail) -> violations.check(false, "/context" + member, detail));
    violations.throwIfAny();
    return context;
  }
}
