package dev.relayauth.common.credential;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.IdentityState.Type;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.token.Claims;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The identities by whose authority a caller acts, and how far that reaches. Those are the subject
 * of its token, every actor before it (RFC 8693 §4.1), or the identity that its key names; who
 * stands above them counts with them. People, services with no agent above them and keys that name
 * no identity reach as far as their scopes; an agent, and whoever stands under one whatever its
 * type, is bound by its place as well: what it makes stands under it, and it touches neither itself
 * nor who stands above it. Where several act, each of them must be allowed to.
 */
public record Acting(List<Identity> identities) {
  /** Copies. */
  public Acting {
    identities = List.copyOf(identities);
  }

  /**
   * One that acts.
   *
   * @param sponsorChain the human first, itself last
   * @param isUnderAgents whether it is an agent or stands under one
   * @param workspacesAbove of those between the human and itself; null when they aren't known
   */
  public record Identity(
      String id,
      List<String> sponsorChain,
      boolean isUnderAgents,
      @Nullable Set<String> workspacesAbove) {
    /** Copies. */
    public Identity {
      sponsorChain = List.copyOf(sponsorChain);
      workspacesAbove = workspacesAbove == null ? null : Set.copyOf(workspacesAbove);
    }

    /** Whose chain is not known may be an agent, and is above nobody that is known. */
    static Identity of(String id, List<IdentityState> chain) {
      return chain.isEmpty()
          ? new Identity(id, List.of(id), true, null)
          : new Identity(
              id,
              chain.getLast().sponsorChain(),
              chain.stream().anyMatch(one -> one.type() == Type.agent),
              workspaces(chain.subList(0, chain.size() - 1)));
    }

    private static Set<String> workspaces(List<IdentityState> above) {
      return above.stream()
          .map(IdentityState::workspaceId)
          .filter(Objects::nonNull)
          .collect(Collectors.toUnmodifiableSet());
    }

    private boolean mayHaveAboveIn(String workspace) {
      return workspacesAbove == null || workspacesAbove.contains(workspace);
    }

    private boolean isAbove(List<String> chain) {
      return chain.contains(id) && !chain.getLast().equals(id);
    }
  }

  /** The ids of the identities that act; no human who is none, such as a sponsor, is one. */
  public static List<String> ids(Caller.Tenant caller) {
    Set<String> ids = new LinkedHashSet<>();
    switch (caller) {
      case Caller.KeyHolder holder -> {
        List<String> chain = holder.sponsorChain();
        if (chain.size() > 1) {
          ids.add(chain.getLast());
        }
      }
      case Caller.Bearer bearer -> {
        Claims claims = bearer.token().claims();
        ids.add(claims.sub());
        if (claims.act() != null) {
          ids.addAll(claims.act().subjects());
        }
        // What who issued it may not do by a token of its own, it can't do by this one either.
        ids.addAll(claims.issuers());
      }
    }
    ids.removeIf(id -> id.startsWith(IdPrefix.SPONSOR.text()));
    return List.copyOf(ids);
  }

  /**
   * Who acts for a caller.
   *
   * @param chains finds an identity after its ancestors, the topmost first; empty when it is
   *     unknown
   */
  public static Acting of(Caller.Tenant caller, Function<String, List<IdentityState>> chains) {
    return of(ids(caller), chains);
  }

  /** The same of those that {@link #ids} has named. */
  public static Acting of(List<String> ids, Function<String, List<IdentityState>> chains) {
    return new Acting(ids.stream().map(id -> Identity.of(id, chains.apply(id))).toList());
  }

  /** The same by look-ups that complete later. */
  public static CompletableFuture<Acting> find(
      Caller.Tenant caller, Function<String, CompletableFuture<List<IdentityState>>> chains) {
    return find(ids(caller), chains);
  }

  /** The same of those that {@link #ids} has named, by look-ups that complete later. */
  public static CompletableFuture<Acting> find(
      List<String> ids, Function<String, CompletableFuture<List<IdentityState>>> chains) {
    CompletableFuture<List<Identity>> all = CompletableFuture.completedFuture(List.of());
    for (String id : ids) {
      all =
          all.thenCombine(
              chains.apply(id),
              (before, chain) -> {
                List<Identity> now = new ArrayList<>(before);
                now.add(Identity.of(id, chain));
                return now;
              });
    }
    return all.thenApply(Acting::new);
  }

  /** Whether an agent, or what stands under one, is among them. */
  public boolean isUnderAgents() {
    return identities.stream().anyMatch(Identity::isUnderAgents);
  }

  /** Whether each that an agent binds is above who has that chain: it may change that one. */
  public boolean isAbove(List<String> chain) {
    return bound().stream().allMatch(one -> one.isAbove(chain));
  }

  /** Whether each that an agent binds is who has that chain or above it. */
  public boolean reaches(List<String> chain) {
    return bound().stream().allMatch(one -> chain.contains(one.id()));
  }

  /** Whether one of them is of that id, or stands under it. */
  public boolean isUnder(String id) {
    return identities.stream().anyMatch(one -> one.sponsorChain().contains(id));
  }

  /** Whether that id is of somebody above one that an agent binds. */
  public boolean hasAbove(String id) {
    return bound().stream()
        .anyMatch(one -> !one.id().equals(id) && one.sponsorChain().contains(id));
  }

  /** Whether somebody above one that an agent binds is in that workspace, as far as is known. */
  public boolean mayHaveAboveIn(String workspace) {
    return bound().stream().anyMatch(one -> one.mayHaveAboveIn(workspace));
  }

  /** Whether that id is of one that an agent binds, or of somebody above it. */
  public boolean hasSelfOrAbove(String id) {
    return bound().stream().anyMatch(one -> one.sponsorChain().contains(id));
  }

  /** Those that an agent binds. */
  public List<Identity> bound() {
    return identities.stream().filter(Identity::isUnderAgents).toList();
  }

  /** Those that an agent binds, for people to read. */
  public String names() {
    return bound().stream().map(Identity::id).collect(Collectors.joining(" and "));
  }
}
