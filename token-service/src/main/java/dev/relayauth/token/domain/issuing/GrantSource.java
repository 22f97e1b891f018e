package dev.relayauth.token.domain.issuing;

import java.util.List;

/** Roles and policies as this replica knows them; memory only. */
public interface GrantSource {
  /** The scopes of a role; none when it is gone. */
  List<String> roleScopes(String org, String role);

  /** The rules of an organisation that deny whatever the circumstances. */
  List<DenyRule> denials(String org);
}
