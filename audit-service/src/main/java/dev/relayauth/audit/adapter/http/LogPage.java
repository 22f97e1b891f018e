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
  /** Which list a page is of: cursors of one are refused by the others. */
  record Of(String list, String org, AuditFilter filter) {
    String name() {
      return list + "/" + org + "/" + filter;
    }
  }

  static LogPage read(AuditLog log, Of of, @Nullable String limit, @Nullable String cursor) {
    int size = Cursor.limit(limit);
    AuditEntry.Place after = place(Cursor.decode(cursor, of.name()));
    List<AuditEntry> found = log.page(of.org(), of.filter(), size + 1, after);
    boolean more = found.size() > size;
    List<AuditEntry> shown = more ? found.subList(0, size) : found;
    return new LogPage(
        shown.stream().map(EntryView::of).toList(),
        more ? cursor(shown.getLast().place()).encode(of.name()) : null,
        more);
  }

  private static Cursor cursor(AuditEntry.Place place) {
    return new Cursor(place.timestamp(), Long.toString(place.leafIndex()));
  }

  private static AuditEntry.@Nullable Place place(@Nullable Cursor cursor) {
    try {
      return cursor == null
          ? null
          : new AuditEntry.Place(cursor.createdAt(), Long.parseLong(cursor.id()));
    } catch (NumberFormatException e) {
      throw Cursor.foreign();
    }
  }
}
