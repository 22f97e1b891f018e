package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.event.IdentityState;
import dev.relayauth.revocation.domain.entry.Subject;
import dev.relayauth.revocation.domain.entry.Target;
import dev.relayauth.revocation.domain.entry.Targets;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the owner of a target, so that what was made a moment ago is found. */
@Singleton
public final class RemoteTargets implements Targets {
  private static final String IDENTITY = "identity";
  private static final String TOKEN = "token";

  private final Peer peer;

  RemoteTargets(Peer peer) {
    this.peer = peer;
  }

  private record Chain(List<IdentityState> chain) {}

  private record Entity(@Nullable List<String> sponsorChain) {
    Subject subject() {
      List<String> chain = sponsorChain == null ? List.of() : sponsorChain;
      return new Subject(chain.size() > 1 ? chain.getLast() : null, chain, null);
    }
  }

  @Override
  public Optional<Subject> find(Target target) {
    return switch (target.kind()) {
      case TOKEN -> token("tokens", target);
      case SESSION -> token("sessions", target);
      case IDENTITY -> identity(target);
      case SPONSOR, WORKSPACE -> entity(target.kind().wireName(), target);
      case PARENT -> credential("workspace_token", target);
      case CREDENTIAL -> credential("credential", target);
      case KEY -> exists(TOKEN, "/internal/v1/keys/", target.id());
      // Its own credential was just checked.
      case ORGANIZATION -> Optional.of(Subject.none());
    };
  }

  private Optional<Subject> token(String collection, Target target) {
    String before = "/internal/v1/" + collection + "/" + target.org() + "/";
    return peer.find(TOKEN, before, target.id(), "", TokenFacts.class)
        .map(
            facts ->
                new Subject(
                    facts.identityId(), facts.chain(), facts.workspaceId(), facts.expiresAt()));
  }

  private Optional<Subject> identity(Target target) {
    String before = "/internal/v1/identities/" + target.org() + "/";
    return peer.find(IDENTITY, before, target.id(), "/chain", Chain.class)
        .map(found -> found.chain().getLast())
        .map(self -> new Subject(self.id(), self.sponsorChain(), self.workspaceId()));
  }

  private Optional<Subject> entity(String kind, Target target) {
    String before = "/internal/v1/entities/" + target.org() + "/" + kind + "/";
    return exists(IDENTITY, before, target.id());
  }

  /** A key is of the identity that it names. */
  private Optional<Subject> credential(String kind, Target target) {
    String before = "/internal/v1/entities/" + target.org() + "/" + kind + "/";
    return peer.find(IDENTITY, before, target.id(), "", Entity.class).map(Entity::subject);
  }

  private Optional<Subject> exists(String service, String before, String id) {
    return peer.find(service, before, id, "", Map.class).map(found -> Subject.none());
  }
}
