package dev.relayauth.revocation.domain.entry;

import dev.relayauth.common.revocation.RevocationKind;

/**
 * What is revoked.
 *
 * @param org the tenant; empty for a signing key, which is the deployment's
 */
public record Target(String org, RevocationKind kind, String id) {
  /** Refuses a target that no token could name. */
  public Target {
    if (id.isEmpty() || org.isEmpty() != (kind == RevocationKind.KEY)) {
      throw new IllegalArgumentException("exactly signing keys are without an organisation");
    }
    if (kind == RevocationKind.ORGANIZATION && !id.equals(org)) {
      throw new IllegalArgumentException("an organisation revokes itself only");
    }
  }

  /** A signing key of the deployment. */
  public static Target key(String kid) {
    return new Target("", RevocationKind.KEY, kid);
  }
}
