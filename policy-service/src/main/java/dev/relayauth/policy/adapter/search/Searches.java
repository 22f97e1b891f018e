package dev.relayauth.policy.adapter.search;

import dev.relayauth.common.audit.AuditEmitter;
import dev.relayauth.common.audit.AuditRecords;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.policy.adapter.http.AccessDecisions;
import dev.relayauth.policy.adapter.internal.AgentChains;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.decision.RequestContext;
import dev.relayauth.policy.domain.decision.Snapshot;
import dev.relayauth.policy.domain.search.AccessSearch;
import dev.relayauth.policy.domain.search.AgentDirectory;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Searches of this replica, from memory, page by page. Blocking: a page may look at many. */
@Singleton
public final class Searches {
  /**
   * The most identities that one page looks at; a page may be short, or empty, and not the last.
   */
  static final int MAX_LOOKED_AT = 5_000;

  private final AccessDecisions decisions;
  private final PolicyDecisionPoint decisionPoint;
  private final AgentDirectory directory;
  private final AgentChains chains;
  private final CurrentRequest request;
  private final AuditRecords records;
  private final AuditEmitter emitter;

  Searches(
      AccessDecisions decisions,
      PolicyDecisionPoint decisionPoint,
      AgentDirectory directory,
      AgentChains chains,
      CurrentRequest request,
      AuditRecords records,
      AuditEmitter emitter) {
    this.decisions = decisions;
    this.decisionPoint = decisionPoint;
    this.directory = directory;
    this.chains = chains;
    this.request = request;
    this.records = records;
    this.emitter = emitter;
  }

  /**
   * Begins a search of the caller's organisation, on record.
   *
   * @param question what is looked for, in one line
   * @throws RefusedException when what is known here is not recent enough to tell
   */
  public AccessSearch begin(RequestContext context, String question) {
    Caller.Tenant caller = request.tenant();
    Snapshot snapshot = decisions.snapshot(caller.org());
    if (snapshot.stale() != null) {
      throw new RefusedException(
          ErrorCode.STORAGE_UNAVAILABLE, "what is known here is not recent enough to search");
    }
    emitter.offer(
        records
            .draft("token.validated", caller.org(), request)
            .subject(caller.actorId(), caller.sponsorChain())
            .with("route", request.method() + " " + request.path())
            .with("search", question)
            .build(),
        request.traceparent());
    return new AccessSearch(decisionPoint, directory, snapshot, caller.org(), context);
  }

  /** The chain of an identity; empty when there is none. */
  public List<Agent> chain(String id) {
    return chains.find(request.tenant().org(), id).join();
  }

  /**
   * Looks at the identities of the organisation in the order of their ids.
   *
   * @param type the only type to look at; null for all
   * @param find what to say of one, given with its ancestors; empty to leave it out
   */
  public <T> Found<T> identities(
      Query query, IdentityState.@Nullable Type type, Function<List<Agent>, Optional<T>> find) {
    String org = request.tenant().org();
    String after = PageToken.key(query.question(), query.token());
    List<T> found = new ArrayList<>();
    List<String> ids = directory.idsAfter(org, after, MAX_LOOKED_AT);
    for (String id : ids) {
      directory
          .chain(org, id)
          .filter(chain -> type == null || chain.getLast().state().type() == type)
          .flatMap(find)
          .ifPresent(found::add);
      after = id;
      if (found.size() == query.limit()) {
        break;
      }
    }
    boolean more = !directory.idsAfter(org, after, 1).isEmpty() && !ids.isEmpty();
    return new Found<>(found, more ? PageToken.of(query.question(), after) : null);
  }

  /** The page of a whole list that is in the order of its keys. */
  public <T> Found<T> page(Query query, List<T> all, Function<T, String> keyOf) {
    String key = PageToken.key(query.question(), query.token());
    return Found.page(all, keyOf, key, query.limit(), query.question());
  }

  /**
   * Which page of what is wanted.
   *
   * @param question what is looked for; a token is good for the same question only
   */
  public record Query(String question, @Nullable String token, int limit) {}
}
