package dev.relayauth.audit.domain.statistics;

import dev.relayauth.common.event.AuditRecord.Result;
import java.util.List;

/** How often each thing happened. */
@FunctionalInterface
public interface ActionCounts {
  /** The counts of an organisation, kept as records come in. May block. */
  List<Count> counts(String org);

  /** How often an action ended in a result. */
  record Count(String action, Result result, long count) {}
}
