package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.common.http.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the log.
 *
 * @param nextCursor where the next page begins, when there is one
 */
public record LogPage(List<EntryView> entries, @Nullable String nextCursor, boolean hasMore) {
  static LogPage read(
      AuditLog log,
      String org,
      AuditFilter filter,
      @Nullable String limit,
      @Nullable String cursor) {
    int size = Cursor.limit(limit);
    Cursor after = Cursor.decode(cursor);
    List<AuditEntry> found =
        log.page(
            org,
            filter,
            size + 1,
            after == null ? null : new AuditEntry.Place(after.createdAt(), after.id()));
    boolean more = found.size() > size;
    List<AuditEntry> shown = more ? found.subList(0, size) : found;
    return new LogPage(
        shown.stream().map(EntryView::of).toList(), more ? after(shown.getLast()) : null, more);
  }

  private static String after(AuditEntry last) {
    return new Cursor(last.place().timestamp(), last.place().id()).encode();
  }
}
