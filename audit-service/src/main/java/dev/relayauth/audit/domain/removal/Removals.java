package dev.relayauth.audit.domain.removal;

/** The actions whose records say which leaves have no payload any more, and why. */
public final class Removals {
  /** Payloads were erased because somebody asked for it; {@code leaves} names these. */
  public static final String ERASED = "organization.audit_erased";

  /** Records were too old; {@code leaves} names all that ever were, over the latest records. */
  public static final String EXPIRED = "organization.audit_expired";

  /** The name of the metadata that holds leaf ranges. */
  public static final String LEAVES = "leaves";

  private Removals() {}
}
