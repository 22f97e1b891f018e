package dev.relayauth.audit.adapter.postgres;

/**
 * How records are asked for so that an index finds them: by {@code audit_hash}, which the indexes
 * hold, and by what it stands for, which tells apart what shares a key.
 */
final class AuditKeys {
  /** All of an organisation. Takes it, twice. */
  static final String OF_ORG = "audit_hash(org, '') = audit_hash(?, '') and org = ?";

  private AuditKeys() {}

  /** Those of an organisation with a value in a column. Takes both, twice. */
  static String of(String column) {
    return "audit_hash(org, %1$s) = audit_hash(?, ?) and org = ? and %1$s = ?".formatted(column);
  }
}
