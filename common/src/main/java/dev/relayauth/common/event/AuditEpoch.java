package dev.relayauth.common.event;

import java.time.Instant;

/**
 * What a node says of its own audit records: one epoch lasts from the start of its process to the
 * end. Travels on {@code relayauth.audit-epoch.v1}.
 *
 * @param source the CloudEvents source of the epoch's records, numbered from 1
 * @param service the service
 * @param node the replica
 * @param startedAt when the process started
 * @param records how many records were taken so far; when it closes, of all
 */
public record AuditEpoch(
    String source, String service, String node, Instant startedAt, long records) {
  /** What every type of these events begins with. */
  public static final String TYPES = "dev.relayauth.audit-epoch.";

  /** What became of an epoch, as the event's type says it. */
  public enum Phase {
    /** The node can send. */
    opened,
    /** It still lives. */
    counted,
    /** It has stopped; nothing more comes. */
    closed;

    /** The CloudEvents type. */
    public String eventType() {
      return CloudEvent.type("audit_epoch", name());
    }
  }
}
