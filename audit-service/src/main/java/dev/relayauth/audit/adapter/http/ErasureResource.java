package dev.relayauth.audit.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.relayauth.audit.adapter.postgres.PostgresErasure;
import dev.relayauth.audit.domain.log.AuditLog;
import dev.relayauth.audit.domain.removal.Erasure;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Erases payloads from the log of the caller's organisation. */
@Path("/v1/audit/erasures")
public final class ErasureResource {
  private final PostgresErasure erasure;
  private final AuditLog log;
  private final CurrentRequest request;

  ErasureResource(PostgresErasure erasure, AuditLog log, CurrentRequest request) {
    this.erasure = erasure;
    this.log = log;
    this.request = request;
  }

  /** Whose data goes, one of three, and why. */
  public record Order(
      @JsonAlias("sponsor_id") @Nullable String sponsorId,
      @JsonAlias("identity_id") @Nullable String identityId,
      @JsonAlias("entry_id") @Nullable String entryId,
      @Nullable String reason) {

    Erasure check() {
      Violations violations = new Violations();
      violations.text(reason, "/reason");
      violations.optionalText(sponsorId, "/sponsorId", Violations.MAX_NAME);
      violations.optionalText(identityId, "/identityId", Violations.MAX_NAME);
      violations.optionalText(entryId, "/entryId", Violations.MAX_NAME);
      List<Erasure> named =
          Stream.of(
                  Stream.ofNullable(sponsorId).map(Erasure.OfSponsor::new),
                  Stream.ofNullable(identityId).map(Erasure.OfIdentity::new),
                  Stream.ofNullable(entryId).map(Erasure.OfEntry::new))
              .<Erasure>flatMap(one -> one)
              .toList();
      violations.check(
          named.size() == 1, "", "must name exactly one of sponsorId, identityId and entryId");
      violations.throwIfAny();
      return named.getFirst();
    }
  }

  /** How many entries lost their payload. */
  public record Erased(int erased) {}

  /**
   * Erases; the hashes stay, and with them every proof. 404 for an entry that is not the caller's;
   * one that was erased before is nothing to do.
   */
  @POST
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public Erased erase(@Nullable Order order) {
    if (order == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON body is required");
    }
    Erasure whose = order.check();
    String org = request.tenant().org();
    if (whose instanceof Erasure.OfEntry entry && log.find(org, entry.id()).isEmpty()) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such audit entry");
    }
    PostgresErasure.Outcome outcome =
        erasure.erase(org, whose, String.valueOf(order.reason()), request);
    if (outcome.erased() > 0) {
      request.wrote(outcome.sequence());
    }
    return new Erased(outcome.erased());
  }
}
