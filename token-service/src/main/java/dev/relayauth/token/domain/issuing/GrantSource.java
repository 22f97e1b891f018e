package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.event.IdentityState;
import java.util.List;

/** Roles and policies as this replica knows them; memory only. */
public interface GrantSource {
  /** What a role gives an identity; nothing when it is gone or of another workspace. */
  List<String> roleScopes(IdentityState identity, String role);

  /** The rules of an organisation that deny. */
  List<DenyRule> denials(String org);
}
