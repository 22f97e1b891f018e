package dev.relayauth.audit.domain.log;

import dev.relayauth.common.event.AuditRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came.
 *
 * @param source the CloudEvents source; null when it came without
 * @param number its number among those of the source
 */
public record Received(AuditRecord content, @Nullable String source, long number) {
  /** One that nobody has numbered. */
  public static Received unnumbered(AuditRecord content) {
    return new Received(content, null, 0);
  }

  /** The same, with its content in another form. */
  public Received with(AuditRecord changed) {
    return new Received(changed, source, number);
  }
}
