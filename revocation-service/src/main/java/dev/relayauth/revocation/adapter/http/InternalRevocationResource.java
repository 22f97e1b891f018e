package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.credential.RevocationInquiry;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.revocation.Initiator;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.revocation.domain.entry.Closing;
import dev.relayauth.revocation.domain.entry.Revocation;
import dev.relayauth.revocation.domain.entry.RevocationOrder;
import dev.relayauth.revocation.domain.entry.Revocations;
import dev.relayauth.revocation.domain.entry.Subject;
import dev.relayauth.revocation.domain.entry.Target;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Revocations that another service's write entails. The caller vouches for the target. */
@Path("/internal/v1/revocations")
public final class InternalRevocationResource {
  private static final int MAX_NAMES = 1_000;

  private final Revocations revocations;
  private final CurrentRequest request;

  InternalRevocationResource(Revocations revocations, CurrentRequest request) {
    this.revocations = revocations;
    this.request = request;
  }

  /**
   * What to revoke.
   *
   * @param orgId empty or missing for a signing key
   * @param closed whether nothing issued later lives either; false replaces a closed entry
   * @param eventId the same id again changes nothing
   * @param initiator who brought it about; the service by itself when it is missing
   * @param expiresAt when the last token that it kills expires
   * @param author who made the other service write, and by which request; the record names them
   */
  public record Order(
      @Nullable String orgId,
      @Nullable String type,
      @Nullable String targetId,
      boolean closed,
      @Nullable String reason,
      @Nullable String actorId,
      @Nullable Initiator initiator,
      @Nullable String eventId,
      @Nullable Instant expiresAt,
      @Nullable List<String> sponsorChain,
      @Nullable OnBehalf author) {

    RevocationOrder order() {
      Optional<RevocationKind> kind = Optional.ofNullable(type).flatMap(RevocationKind::ofWireName);
      String org = Optional.ofNullable(orgId).orElse("");
      boolean isKey = kind.filter(RevocationKind.KEY::equals).isPresent();
      boolean isOrganization = kind.filter(RevocationKind.ORGANIZATION::equals).isPresent();
      new Violations()
          .check(kind.isPresent(), "/type", "is not a kind of revocation")
          .text(targetId, "/targetId")
          .text(eventId, "/eventId")
          .check(org.isEmpty() == isKey, "/orgId", "is missing for signing keys alone")
          .check(!isOrganization || org.equals(targetId), "/targetId", "is not the organisation")
          .throwIfAny();
      Target target = new Target(org, kind.orElseThrow(), String.valueOf(targetId));
      return new RevocationOrder(
          target,
          closed ? Closing.CLOSED : Closing.OPEN,
          subject(target),
          reason,
          actorId,
          Optional.ofNullable(initiator).orElse(Initiator.system),
          eventId,
          expiresAt);
    }

    private Subject subject(Target target) {
      List<String> chain = Optional.ofNullable(sponsorChain).orElse(List.of());
      String last = chain.size() > 1 ? chain.getLast() : null;
      return new Subject(
          target.kind() == RevocationKind.IDENTITY ? target.id() : last, chain, null);
    }
  }

  /** Whether a token is revoked, for a replica that can't know; by what is committed now. */
  @POST
  @Path("/inquiry")
  @Internal
  @RunOnVirtualThread
  public RevocationInquiry.Answer inquire(RevocationInquiry.@Nullable Question body) {
    RevocationInquiry.Question asked = RevocationResource.required(body);
    new Violations().list(asked.names(), "/names", MAX_NAMES).throwIfAny();
    List<Revocations.Name> names =
        asked.names().stream().map(InternalRevocationResource::name).toList();
    return new RevocationInquiry.Answer(revocations.kills(asked.orgId(), names, asked.rev()));
  }

  private static Revocations.Name name(RevocationInquiry.Name name) {
    RevocationKind kind =
        RevocationKind.ofWireName(name.kind())
            .orElseThrow(
                () ->
                    new RefusedException(
                        ErrorCode.VALIDATION_FAILED, "/names/kind is none of revocation"));
    return new Revocations.Name(kind, name.id());
  }

  /** Writes it and answers with the entry, whose {@code revision} is its sequence. */
  @POST
  @Internal
  @RunOnVirtualThread
  public RevocationState write(@Nullable Order body) {
    Order asked = RevocationResource.required(body);
    request.calledOnBehalf(asked.author());
    Revocation entry = revocations.write(asked.order());
    return new RevocationState(
        entry.id(),
        entry.target().org(),
        entry.target().kind().wireName(),
        entry.target().id(),
        entry.closed(),
        entry.reason(),
        entry.actorId(),
        entry.effectiveAt(),
        entry.expiresAt(),
        entry.seq());
  }
}
