package dev.relayauth.audit.domain.log;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log of every organisation. Methods may block, and throw when the store is away. */
public interface AuditLog {
  /** Entries of an organisation, newest first, older than {@code after}. */
  List<AuditEntry> page(
      String org, AuditFilter filter, int limit, AuditEntry.@Nullable Place after);

  /** Entries of an organisation in the order they came in. */
  List<AuditEntry> after(String org, AuditFilter filter, AuditEntry.Arrival after, int limit);

  /** One entry of an organisation. */
  Optional<AuditEntry> find(String org, String id);
}
