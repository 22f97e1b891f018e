package dev.relayauth.sdk;

import dev.relayauth.sdk.Transport.Call;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The audit trail. */
public final class Audit {
  private final Transport transport;

  Audit(Transport transport) {
    this.transport = transport;
  }

  /** What a query may be narrowed to; null members don't narrow. */
  public record Filter(
      @Nullable String identityId,
      @Nullable String action,
      @Nullable String result,
      @Nullable String sponsorId,
      @Nullable String tokenId,
      @Nullable Instant from,
      @Nullable Instant to) {
    /** Everything. */
    public static Filter any() {
      return new Filter(null, null, null, null, null, null, null);
    }

    /** What one agent did and what was done to it. */
    public static Filter identity(String id) {
      return new Filter(id, null, null, null, null, null, null);
    }

    /** Everything under one human. */
    public static Filter sponsor(String id) {
      return new Filter(null, null, null, id, null, null, null);
    }
  }

  /** The newest entries that fit, from a cursor on. */
  public Page<AuditEntry> query(Filter filter, int limit, @Nullable String cursor) {
    Query query =
        new Query("/v1/audit")
            .with("identityId", filter.identityId)
            .with("action", filter.action)
            .with("result", filter.result)
            .with("sponsorId", filter.sponsorId)
            .with("tokenId", filter.tokenId)
            .with("from", filter.from)
            .with("to", filter.to)
            .with("limit", limit)
            .with("cursor", cursor);
    return Transport.await(transport.list(Call.get(query.toString()), AuditEntry.class));
  }

  /** One entry. */
  public AuditEntry get(String id) {
    return Transport.await(
        transport.send(Call.get("/v1/audit/" + Query.segment(id)), AuditEntry.class));
  }
}
