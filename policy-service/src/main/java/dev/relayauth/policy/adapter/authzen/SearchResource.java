package dev.relayauth.policy.adapter.authzen;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.policy.adapter.http.AccessDecisions;
import dev.relayauth.policy.adapter.http.AccessQuery;
import dev.relayauth.policy.adapter.http.AdministrativeWrites;
import dev.relayauth.policy.adapter.search.Found;
import dev.relayauth.policy.adapter.search.Searches;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.search.AccessSearch;
import dev.relayauth.policy.domain.search.AgentDirectory;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * AuthZEN's searches (Authorization API 1.0 §8): each result, put to the evaluation endpoint, is a
 * permit.
 */
@Path("/access/v1/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {
  private final Searches searches;
  private final Subjects subjects;
  private final AgentDirectory directory;
  private final AccessDecisions decisions;
  private final CurrentRequest request;

  SearchResource(
      Searches searches,
      Subjects subjects,
      AgentDirectory directory,
      AccessDecisions decisions,
      CurrentRequest request) {
    this.searches = searches;
    this.subjects = subjects;
    this.directory = directory;
    this.decisions = decisions;
    this.request = request;
  }

  /** A subject or resource that was found. */
  public record FoundEntity(String type, String id, @Nullable Map<String, String> properties) {}

  /** An action that was found. */
  public record FoundAction(String name) {}

  /** Where the next page begins, empty after the last; how many results this one has. */
  public record PageInfo(@JsonProperty("next_token") String nextToken, int count) {}

  /** One page of results. */
  public record Results<T>(List<T> results, PageInfo page) {
    static <S, T> Results<T> of(Found<S> found, Function<S, T> view) {
      List<T> results = found.items().stream().map(view).toList();
      String next = found.next() == null ? "" : found.next();
      return new Results<>(results, new PageInfo(next, results.size()));
    }
  }

  /** Who may take this action on this resource? */
  @POST
  @Path("subject")
  @RequiresScope("relayauth:scope:read")
  @RunOnVirtualThread
  public Results<FoundEntity> subjects(@Nullable SearchBody sent) {
    SearchQuestion question =
        SearchQuestion.read(AdministrativeWrites.require(sent), SearchQuestion.Wanted.SUBJECT);
    AccessSearch search = searches.begin(question.context(), question.query().question());
    Found<Agent> found =
        searches.identities(
            question.query(),
            type(question.subject()),
            chain ->
                search.permits(chain, question.scope())
                    ? Optional.of(chain.getLast())
                    : Optional.empty());
    return Results.of(found, agent -> subject(agent, question.subject()));
  }

  /** On which resources of this type may the subject take this action? */
  @POST
  @Path("resource")
  @RequiresScope("relayauth:scope:read")
  @RunOnVirtualThread
  public Results<FoundEntity> resources(
      @Nullable SearchBody sent, @HeaderParam("Authorization") @Nullable String header) {
    SearchQuestion question =
        SearchQuestion.read(AdministrativeWrites.require(sent), SearchQuestion.Wanted.RESOURCE);
    AccessSearch search = searches.begin(question.context(), question.query().question());
    DecisionRequest asked = asked(question, header);
    ScopeMapping mapping = question.mapping();
    List<String> paths =
        asked.chain().isEmpty()
            ? List.of()
            : search
                .by(asked.subject())
                .paths(
                    asked.chain(),
                    mapping.plane(),
                    mapping.resource(),
                    ScopeMapping.name(question.action()));
    Found<String> found = searches.page(question.query(), paths, path -> path);
    String type = String.valueOf(question.resource().type());
    return Results.of(found, path -> new FoundEntity(type, path, null));
  }

  /** Which actions may the subject take on this resource? */
  @POST
  @Path("action")
  @RequiresScope("relayauth:scope:read")
  @RunOnVirtualThread
  public Results<FoundAction> actions(
      @Nullable SearchBody sent, @HeaderParam("Authorization") @Nullable String header) {
    SearchQuestion question =
        SearchQuestion.read(AdministrativeWrites.require(sent), SearchQuestion.Wanted.ACTION);
    AccessSearch search = searches.begin(question.context(), question.query().question());
    DecisionRequest asked = asked(question, header);
    ScopeMapping mapping = question.mapping();
    List<String> actions =
        asked.chain().isEmpty()
            ? List.of()
            : search
                .by(asked.subject())
                .actions(
                    asked.chain(), mapping.plane(), mapping.resource(), question.scope().path());
    return Results.of(searches.page(question.query(), actions, name -> name), FoundAction::new);
  }

  /** Of whom the question is, by the token that an evaluation would go by. */
  private DecisionRequest asked(SearchQuestion question, @Nullable String header) {
    Caller.Tenant caller = request.tenant();
    String id = subjects.identityId(caller.org(), String.valueOf(question.subject().id()));
    String bearer =
        PresentedCredential.of(header, null) instanceof PresentedCredential.Token presented
            ? presented.compact()
            : null;
    String token = Subjects.token(question.subject(), id, caller, bearer);
    return decisions
        .resolve(
            caller.org(),
            new AccessQuery(
                token, token == null ? id : null, question.scope(), question.context(), false),
            presented -> Subjects.own(presented, id))
        .join();
  }

  /** A peer's own word for subjects narrows nothing; ours do. */
  private static IdentityState.@Nullable Type type(Entity subject) {
    return Arrays.stream(IdentityState.Type.values())
        .filter(known -> known.name().equals(subject.type()))
        .findFirst()
        .orElse(null);
  }

  private FoundEntity subject(Agent agent, Entity sought) {
    String external = agent.state().metadata().get(AgentDirectory.EXTERNAL_ID);
    String type = String.valueOf(sought.type());
    if (external == null || !names(agent, external)) {
      return new FoundEntity(type, agent.id(), null);
    }
    return new FoundEntity(type, external, Map.of("identityId", agent.id()));
  }

  private boolean names(Agent agent, String external) {
    return directory
        .byExternalId(agent.state().orgId(), external)
        .filter(agent.id()::equals)
        .isPresent();
  }
}
