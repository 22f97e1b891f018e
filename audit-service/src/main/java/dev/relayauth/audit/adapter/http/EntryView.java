package dev.relayauth.audit.adapter.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.common.event.AuditRecord;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An entry as clients read it: the record's members, and what the log adds to them.
 *
 * @param createdAt when it came into the log
 * @param leafIndex its place in the organisation's hash tree
 * @param leafSalt base64; with the record's canonical JSON it makes the leaf
 * @param erased true when the payload is gone
 */
public record EntryView(
    @JsonUnwrapped AuditRecord content,
    Instant createdAt,
    @Nullable Long leafIndex,
    @Nullable String leafSalt,
    @Nullable Boolean erased) {
  static EntryView of(AuditEntry entry) {
    AuditEntry.Leaf leaf = entry.leaf();
    byte[] salt = leaf.salt();
    return new EntryView(
        entry.content(),
        entry.createdAt(),
        leaf.index() < 0 ? null : leaf.index(),
        salt == null ? null : Base64.getEncoder().encodeToString(salt),
        leaf.erased() ? true : null);
  }
}
