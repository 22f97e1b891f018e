package dev.relayauth.token.domain.issuing;

import dev.relayauth.common.token.Claims;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a token passes on to those that descend from it: revoking any of it revokes them. */
public final class Ancestry {
  private Ancestry() {}

  /**
   * The same for a token that issues: also everybody whose end is its own, who are its subject,
   * those that act for it, and all above them. What it issues ends with them as well.
   */
  public static List<String> ofIssuer(Claims claims) {
    Set<String> ids = new LinkedHashSet<>(of(claims));
    ids.addAll(claims.sponsorChain());
    if (claims.act() != null) {
      ids.addAll(claims.act().people());
    }
    return List.copyOf(ids);
  }

  /** The token itself, its session and workspace, and all that they descend from. */
  public static List<String> of(Claims claims) {
    Set<String> ids = new LinkedHashSet<>();
    ids.add(claims.jti());
    ids.add(claims.sid());
    ids.addAll(claims.lineage());
    if (claims.wks() != null) {
      ids.add(claims.wks());
    }
    return List.copyOf(ids);
  }
}
