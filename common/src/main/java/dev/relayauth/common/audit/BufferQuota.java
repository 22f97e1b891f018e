package dev.relayauth.common.audit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the buffer each organisation holds: one that floods it is refused before it leaves
 * the others no room. Lock-free.
 */
final class BufferQuota {
  private final long bytesEach;
  private final Map<String, AtomicLong> held = new ConcurrentHashMap<>();

  /** Lets an organisation hold so many bytes. */
  BufferQuota(long bytesEach) {
    this.bytesEach = bytesEach;
  }

  /** Takes of an organisation's share; false, and nothing taken, when that has no room for it. */
  boolean take(String org, int bytes) {
    AtomicLong mine = held.computeIfAbsent(org, unknown -> new AtomicLong());
    if (mine.addAndGet(bytes) <= bytesEach) {
      return true;
    }
    mine.addAndGet(-bytes);
    return false;
  }

  /** Gives back what was taken. */
  void release(String org, int bytes) {
    AtomicLong mine = held.get(org);
    if (mine != null) {
      mine.addAndGet(-bytes);
    }
  }
}
