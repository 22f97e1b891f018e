package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.adapter.postgres.PostgresDeliveries;
import dev.relayauth.audit.adapter.postgres.PostgresWebhooks;
import dev.relayauth.audit.domain.webhook.Delivery;
import dev.relayauth.audit.domain.webhook.Webhook;
import dev.relayauth.audit.domain.webhook.WebhookSecret;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Cursor;
import dev.relayauth.common.http.Page;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The webhooks of the caller's organisation. */
@Path("/v1/audit/webhooks")
public final class WebhookResource {
  private static final String TEST = "webhook.test";

  private final PostgresWebhooks webhooks;
  private final PostgresDeliveries deliveries;
  private final WebhookUrls urls;
  private final IdSource ids;
  private final InstantSource clock;
  private final CurrentRequest request;
  private final SecureRandom random = new SecureRandom();

  WebhookResource(
      PostgresWebhooks webhooks,
      PostgresDeliveries deliveries,
      WebhookUrls urls,
      IdSource ids,
      InstantSource clock,
      CurrentRequest request) {
    this.webhooks = webhooks;
    this.deliveries = deliveries;
    this.urls = urls;
    this.ids = ids;
    this.clock = clock;
    this.request = request;
  }

  /**
   * A webhook as clients read it.
   *
   * @param secret shown once, and only when the client didn't choose it
   */
  public record WebhookView(
      String id,
      String orgId,
      String url,
      List<String> events,
      Webhook.Status status,
      int failures,
      Instant createdAt,
      @Nullable String secret) {
    static WebhookView of(Webhook hook, @Nullable String secret) {
      return new WebhookView(
          hook.id(),
          hook.org(),
          hook.url(),
          hook.events(),
          hook.status(),
          hook.failures(),
          hook.createdAt(),
          secret);
    }
  }

  /** Makes one. */
  @POST
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public Response create(@Nullable WebhookBody body) {
    if (body == null) {
      throw new RefusedException(ErrorCode.VALIDATION_FAILED, "a JSON body is required");
    }
    body.check();
    String url = urls.check(String.valueOf(body.url()));
    String chosen = body.secret();
    WebhookSecret secret =
        chosen == null ? WebhookSecret.generate(random) : WebhookSecret.of(chosen);
    Webhook hook =
        new Webhook(
            ids.next(IdPrefix.WEBHOOK),
            request.tenant().org(),
            url,
            body.wanted(),
            Webhook.Status.active,
            0,
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    long sequence =
        webhooks
            .add(hook, secret, request)
            .orElseThrow(
                () ->
                    new RefusedException(
                        ErrorCode.CONFLICT, "the organisation has as many webhooks as it may"));
    request.wrote(sequence);
    return Response.status(Response.Status.CREATED)
        .entity(WebhookView.of(hook, chosen == null ? secret.reveal() : null))
        .build();
  }

  /** A page, newest first. */
  @GET
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public Page<WebhookView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Cursor.limit(limit);
    String org = request.tenant().org();
    String list = "webhooks/" + org;
    List<Webhook> found = webhooks.page(org, size + 1, Cursor.decode(cursor, list));
    return Page.of(
        found,
        size,
        list,
        hook -> WebhookView.of(hook, null),
        hook -> new Cursor(hook.createdAt(), hook.id()));
  }

  /** One. */
  @GET
  @Path("/{id}")
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public WebhookView get(@PathParam("id") String id) {
    return WebhookView.of(find(id), null);
  }

  /** Removes one, and what waits for it. */
  @DELETE
  @Path("/{id}")
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public void delete(@PathParam("id") String id) {
    request.wrote(
        webhooks.remove(request.tenant().org(), id, request).orElseThrow(WebhookResource::unknown));
  }

  /** Has one that was disabled be sent to again. */
  @POST
  @Path("/{id}/enable")
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public WebhookView enable(@PathParam("id") String id) {
    request.wrote(
        webhooks.enable(request.tenant().org(), id, request).orElseThrow(WebhookResource::unknown));
    return WebhookView.of(find(id), null);
  }

  /** Sends one a message that tells of nothing; the delivery log says what became of it. */
  @POST
  @Path("/{id}/test")
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public Response test(@PathParam("id") String id) {
    Webhook hook = find(id);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Delivery delivery =
        new Delivery(
            ids.next(IdPrefix.EVENT),
            hook.id(),
            TEST,
            Delivery.Status.pending,
            0,
            null,
            null,
            now,
            now,
            null);
    deliveries.enqueue(
        delivery,
        hook.org(),
        "{\"type\":\"" + TEST + "\",\"timestamp\":\"" + now + "\",\"data\":{}}");
    return Response.accepted(delivery).build();
  }

  /** What became of messages, newest first. */
  @GET
  @Path("/{id}/deliveries")
  @RequiresScope("relayauth:audit:manage")
  @RunOnVirtualThread
  public Page<Delivery> deliveries(
      @PathParam("id") String id,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Cursor.limit(limit);
    String list = "deliveries/" + id;
    Cursor after = Cursor.decode(cursor, list);
    List<Delivery> found = deliveries.page(find(id).id(), size + 1, after);
    return Page.of(
        found, size, list, delivery -> delivery, sent -> new Cursor(sent.createdAt(), sent.id()));
  }

  private Webhook find(String id) {
    return webhooks.find(request.tenant().org(), id).orElseThrow(WebhookResource::unknown);
  }

  private static RefusedException unknown() {
    return new RefusedException(ErrorCode.NOT_FOUND, "there is no such webhook");
  }
}
