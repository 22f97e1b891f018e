package dev.relayauth.common.credential;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Verification;
import java.util.List;

/** Who makes a request, by the credential that was checked. */
public sealed interface Caller {
  /** The scopes of the credential. */
  ScopeSet scopes();

  /** The id that the audit trail names as the actor. */
  String actorId();

  /** The holder of the platform key: no tenant's, and of no tenant's resources. */
  record Platform() implements Caller {
    @Override
    public ScopeSet scopes() {
      return ScopeSet.empty();
    }

    @Override
    public String actorId() {
      return "platform";
    }
  }

  /** Somebody of an organisation. */
  sealed interface Tenant extends Caller {
    /** The organisation; always the credential's. */
    String org();

    /** The human who answers for the caller. */
    String sponsorId();

    /** First the human, last the identity that acts, or only the human for a key without one. */
    List<String> sponsorChain();

    /** The only ones that may become actors of what it issues; empty for no such limit. */
    List<String> mayAct();
  }

  /** The bearer of an access token. */
  record Bearer(Verification.Valid token) implements Tenant {
    @Override
    public String org() {
      return token.claims().org();
    }

    @Override
    public ScopeSet scopes() {
      return token.scopes();
    }

    @Override
    public String actorId() {
      return token.claims().sub();
    }

    @Override
    public String sponsorId() {
      List<String> chain = token.claims().sponsorChain();
      return chain.isEmpty() ? token.claims().sponsorId() : chain.getFirst();
    }

    @Override
    public List<String> sponsorChain() {
      return token.claims().sponsorChain();
    }

    @Override
    public List<String> mayAct() {
      return token.claims().mayAct();
    }
  }

  /** The holder of an API key or workspace token. */
  record KeyHolder(ApiKeyState key, ScopeSet scopes) implements Tenant {
    @Override
    public String org() {
      return key.orgId();
    }

    @Override
    public String actorId() {
      return key.identityId() == null ? key.id() : key.identityId();
    }

    @Override
    public String sponsorId() {
      return key.sponsorChain().getFirst();
    }

    @Override
    public List<String> sponsorChain() {
      return key.sponsorChain();
    }

    @Override
    public List<String> mayAct() {
      return key.mayAct();
    }

    /** Whether it is a workspace token, which few routes take. */
    public boolean isWorkspaceToken() {
      return key.kind() == ApiKeyState.Kind.workspace_token;
    }
  }
}
