package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.log.AuditFilter;
import dev.relayauth.audit.domain.log.AuditLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The pages of a list, of which each is read while the one before it is used: two are in memory at
 * a time. For one thread.
 */
final class PagesAhead implements AutoCloseable {
  private static final int PAGE = 2_000;

  private final AuditLog log;
  private final String org;
  private final AuditFilter filter;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("export-reader").factory());
  private Future<List<AuditEntry>> coming;

  /** Reads the first page at once, and throws when that can't be. */
  PagesAhead(AuditLog log, String org, AuditFilter filter) {
    this.log = log;
    this.org = org;
    this.filter = filter;
    this.coming = CompletableFuture.completedFuture(log.page(org, filter, PAGE, null));
  }

  /** The next page, empty after the last. */
  List<AuditEntry> next() {
    List<AuditEntry> page = arrived();
    coming =
        page.size() < PAGE
            ? CompletableFuture.completedFuture(List.of())
            : reader.submit(() -> log.page(org, filter, PAGE, page.getLast().place()));
    return page;
  }

  private List<AuditEntry> arrived() {
    try {
      return coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
