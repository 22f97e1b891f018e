package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.http.DeniesWhenStale;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.policy.adapter.http.AdministrativeWrites;
import dev.relayauth.policy.adapter.http.Authorization;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AuthZEN's evaluation endpoints (Authorization API 1.0 §6, §7): a deny is a 200. */
@Path("/access/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class EvaluationResource {
  private final Evaluations evaluations;
  private final Authorization authorization;

  EvaluationResource(Evaluations evaluations, Authorization authorization) {
    this.evaluations = evaluations;
    this.authorization = authorization;
  }

  /** One question. */
  @POST
  @Path("evaluation")
  @RequiresScope("relayauth:scope:read")
  @DeniesWhenStale
  @NonBlocking
  public Uni<byte[]> one(
      @Nullable EvaluationBody body, @HeaderParam("Authorization") @Nullable String header) {
    return Uni.createFrom()
        .completionStage(
            evaluations
                .one(AdministrativeWrites.require(body), peer(header))
                .thenApply(AuthZenJson::one));
  }

  /** Many; without any it is one question (§7.1). */
  @POST
  @Path("evaluations")
  @RequiresScope("relayauth:scope:read")
  @DeniesWhenStale
  @RunOnVirtualThread
  public byte[] many(
      @Nullable EvaluationsBody sent, @HeaderParam("Authorization") @Nullable String header) {
    EvaluationsBody body = AdministrativeWrites.require(sent);
    List<EvaluationBody> items = items(body);
    return items.isEmpty()
        ? AuthZenJson.one(evaluations.one(body.defaults(), peer(header)).join())
        : AuthZenJson.many(evaluations.many(body, items, peer(header)));
  }

  private static List<EvaluationBody> items(EvaluationsBody body) {
    List<EvaluationBody> items = new ArrayList<>();
    if (body.evaluations() != null) {
      for (EvaluationBody item : body.evaluations()) {
        items.add(item == null ? new EvaluationBody(null, null, null, null) : item);
      }
    }
    return items;
  }

  private Evaluations.Peer peer(@Nullable String header) {
    String bearer =
        PresentedCredential.of(header, null) instanceof PresentedCredential.Token token
            ? token.compact()
            : null;
    return new Evaluations.Peer(authorization.asking(), bearer);
  }
}
