package dev.relayauth.common.event;

/** The Kafka topics, all public interfaces of the operator. */
public final class Topics {
  /** Organisations, workspaces, sponsors, identities and API keys; compacted, one partition. */
  public static final String IDENTITY = "relayauth.identity.v1";

  /** Roles and policies; compacted, one partition. */
  public static final String POLICY = "relayauth.policy.v1";

  /** Revocation entries; compacted, one partition. */
  public static final String REVOCATION = "relayauth.revocation.v1";

  /** Audit records of every tenant; append-only, keyed by organisation. */
  public static final String AUDIT = "relayauth.audit.v1";

  /** What nodes say of their own audit records; one partition. */
  public static final String AUDIT_EPOCH = "relayauth.audit-epoch.v1";

  /** Audit records that could not be read. */
  public static final String DEAD_LETTER = "relayauth.dead-letter.v1";

  private static final String AUDIT_PREFIX = "relayauth.audit.";

  private Topics() {}

  /** The topic that mirrors the audit records of one organisation, under an ACL of its own. */
  public static String auditOf(String org) {
    return AUDIT_PREFIX + org + ".v1";
  }

  /**
   * Whether a topic carries audit records, of all organisations or of one. Nobody waits for these,
   * so their sequences need not follow the order of commits.
   */
  public static boolean isAudit(String topic) {
    return topic.startsWith(AUDIT_PREFIX);
  }
}
