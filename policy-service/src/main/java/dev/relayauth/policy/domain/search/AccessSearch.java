package dev.relayauth.policy.domain.search;

import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.common.scope.Scope;
import dev.relayauth.policy.domain.decision.AccessSubject;
import dev.relayauth.policy.domain.decision.Agent;
import dev.relayauth.policy.domain.decision.Decision;
import dev.relayauth.policy.domain.decision.DecisionRequest;
import dev.relayauth.policy.domain.decision.PolicyDecisionPoint;
import dev.relayauth.policy.domain.decision.RequestContext;
import dev.relayauth.policy.domain.decision.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Questions about an organisation under one snapshot. Whatever it finds, the decision point has
 * permitted, and nothing is spent. Where no token is presented, an identity without standing grants
 * holds nothing.
 */
public final class AccessSearch {
  private static final String ANY = "*";
  private static final List<String> COMMON_ACTIONS =
      List.of("create", "delete", "manage", "read", "write");

  private final PolicyDecisionPoint decisionPoint;
  private final AgentDirectory directory;
  private final Snapshot snapshot;
  private final String org;
  private final RequestContext context;
  private final @Nullable AccessSubject presented;

  /** A search within one organisation. */
  public AccessSearch(
      PolicyDecisionPoint decisionPoint,
      AgentDirectory directory,
      Snapshot snapshot,
      String org,
      RequestContext context) {
    this(decisionPoint, directory, snapshot, org, context, null);
  }

  private AccessSearch(
      PolicyDecisionPoint decisionPoint,
      AgentDirectory directory,
      Snapshot snapshot,
      String org,
      RequestContext context,
      @Nullable AccessSubject presented) {
    this.decisionPoint = decisionPoint;
    this.directory = directory;
    this.snapshot = snapshot;
    this.org = org;
    this.context = context;
    this.presented = presented;
  }

  /** The same of what a subject has presented: what it may by that, and nothing by one refused. */
  public AccessSearch by(AccessSubject subject) {
    return new AccessSearch(decisionPoint, directory, snapshot, org, context, subject);
  }

  /** Whether the identity at the end of the chain may do that by itself. */
  public boolean permits(List<Agent> chain, Scope scope) {
    return decide(chain, scope).isAllowed();
  }

  /** What the decision point says of the identity at the end of the chain. */
  public Decision decide(List<Agent> chain, Scope scope) {
    AccessSubject subject =
        presented == null ? new AccessSubject.Named(chain.getLast().id()) : presented;
    return decisionPoint.decide(
        snapshot, new DecisionRequest(org, subject, chain, scope, context, false));
  }

  /** The chain of an identity; empty when nobody knows it. */
  public Optional<List<Agent>> chain(String id) {
    return directory.chain(org, id);
  }

  /** What the identity holds, in the order of the scopes' text. */
  public List<Held> holdings(List<Agent> chain) {
    return Holdings.of(chain, snapshot.authority());
  }

  /**
   * The actions it may take, in order: of those that its grants or the organisation's roles name,
   * and the common ones.
   */
  public List<String> actions(List<Agent> chain, String plane, String resource, String path) {
    Stream<String> named =
        known(chain).filter(scope -> isAbout(scope, plane, resource)).map(Scope::action);
    return Stream.concat(named, COMMON_ACTIONS.stream())
        .filter(action -> !action.equals(ANY))
        .distinct()
        .sorted()
        .filter(
            action ->
                spelled(plane, resource, action, path)
                    .filter(scope -> permits(chain, scope))
                    .isPresent())
        .toList();
  }

  /**
   * The paths it may act on, in order: of those that its grants or the organisation's roles name;
   * {@code *} when it may on all.
   */
  public List<String> paths(List<Agent> chain, String plane, String resource, String action) {
    Set<String> paths = new TreeSet<>(Set.of(ANY));
    known(chain)
        .filter(scope -> isAbout(scope, plane, resource))
        .forEach(scope -> paths.add(scope.path()));
    return paths.stream()
        .filter(
            path ->
                spelled(plane, resource, action, path)
                    .filter(scope -> permits(chain, scope))
                    .isPresent())
        .toList();
  }

  private Stream<Scope> known(List<Agent> chain) {
    Stream<Scope> held =
        presented instanceof AccessSubject.Bearer bearer
            ? bearer.token().scopes().stream()
            : holdings(chain).stream().map(Held::scope);
    return Stream.concat(
        held,
        snapshot.authority().roles().values().stream().flatMap(role -> role.scopes().stream()));
  }

  private static boolean isAbout(Scope scope, String plane, String resource) {
    return (scope.plane().equals(ANY) || scope.plane().equals(plane))
        && (scope.resource().equals(ANY) || scope.resource().equals(resource));
  }

  private static Optional<Scope> spelled(
      String plane, String resource, String action, String path) {
    try {
      return Optional.of(Scope.parse(String.join(":", plane, resource, action, path)));
    } catch (InvalidScopeException e) {
      // A path that is good elsewhere, such as a relative one of relayfile:fs.
      return Optional.empty();
    }
  }
}
