package dev.relayauth.common.http;

import dev.relayauth.common.audit.AuditDraft;
import dev.relayauth.common.audit.OnBehalf;
import dev.relayauth.common.credential.Caller;
import dev.relayauth.common.credential.PresentedCredential;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.revision.Revisions;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request in hand: its id, where it comes from, who makes it, and what it has written. */
@RequestScoped
public class CurrentRequest {
  static final String REQUEST_ID = "relayauth.requestId";
  private static final String REFUSAL = "relayauth.refusal";
  private static final String PROOF = "relayauth.proof";
  private static final int FIRST_FAILURE = 400;
  private static final int MAX_USER_AGENT = 256;

  private final RoutingContext context;
  private final Revisions revisions;
  private @Nullable Caller caller;
  private boolean unproven;
  private @Nullable OnBehalf onBehalf;
  private volatile @Nullable AuditDraft draft;
  private volatile boolean recordedElsewhere;

  @Inject
  CurrentRequest(CurrentVertxRequest current, Revisions revisions) {
    // Not the injectable context, which is a proxy: this request may go on where no scope is
    // active.
    this(current.getCurrent(), revisions);
  }

  CurrentRequest(RoutingContext context, Revisions revisions) {
    this.context = context;
    this.revisions = revisions;
  }

  /** The id that the answer and the audit trail carry. */
  public String id() {
    return idOf(context);
  }

  /** The path of the request, without its query. */
  public String path() {
    return pathOf(context);
  }

  /** The id of the request in {@code context}. */
  public static String idOf(RoutingContext context) {
    return Objects.requireNonNullElse(context.get(REQUEST_ID), "");
  }

  /** The path of the request in {@code context}; empty for {@code OPTIONS *}. */
  static String pathOf(RoutingContext context) {
    return Objects.requireNonNullElse(context.request().path(), "");
  }

  /** The method of the request. */
  public String method() {
    return context.request().method().name();
  }

  /** Whether a body may come with it: its head says so, or need not say (RFC 9113 §8.1). */
  public boolean mayHaveBody() {
    HttpServerRequest request = context.request();
    String length = request.getHeader("Content-Length");
    if (length != null) {
      return !length.equals("0");
    }
    return request.version() == HttpVersion.HTTP_2
        || request.getHeader("Transfer-Encoding") != null;
  }

  /** A parameter of the query, decoded; null when it is not there. */
  public @Nullable String query(String name) {
    return context.request().getParam(name);
  }

  /** The address the request comes from, as the gateway saw it. */
  public @Nullable String ip() {
    return ipOf(context);
  }

  /** The address the request in {@code context} comes from, as the gateway saw it. */
  public static @Nullable String ipOf(RoutingContext context) {
    HttpServerRequest request = context.request();
    String forwarded = request.getHeader("x-forwarded-for");
    if (forwarded != null) {
      int comma = forwarded.indexOf(',');
      String first = (comma < 0 ? forwarded : forwarded.substring(0, comma)).strip();
      return first.length() <= 64 ? first : null;
    }
    return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
  }

  /** What the client calls itself, cut to a bounded length. */
  public @Nullable String userAgent() {
    return userAgentOf(context);
  }

  /** What the client of the request in {@code context} calls itself, cut likewise. */
  public static @Nullable String userAgentOf(RoutingContext context) {
    String agent = context.request().getHeader("user-agent");
    return agent == null || agent.length() <= MAX_USER_AGENT
        ? agent
        : agent.substring(0, MAX_USER_AGENT);
  }

  /** The W3C trace context that came in, here or where the caller called, when well formed. */
  public @Nullable String traceparent() {
    OnBehalf author = onBehalf;
    String header =
        author == null ? context.request().getHeader("traceparent") : author.traceparent();
    return Traceparent.of(header).orElse(null);
  }

  /** The caller, on a route that needs credentials. */
  public Caller caller() {
    return find()
        .orElseThrow(
            () ->
                new RefusedException(
                    ErrorCode.MISSING_AUTHORIZATION, "this route needs credentials"));
  }

  /** The caller, who belongs to an organisation. */
  public Caller.Tenant tenant() {
    return switch (caller()) {
      case Caller.Tenant tenant -> tenant;
      case Caller.Platform ignored ->
          throw new RefusedException(
              ErrorCode.INSUFFICIENT_SCOPE, "this needs a credential of an organisation");
    };
  }

  /** The caller, when credentials were checked. */
  public Optional<Caller> find() {
    return Optional.ofNullable(caller);
  }

  /** Remembers who calls. */
  void authenticated(Caller who) {
    this.caller = who;
  }

  /** Remembers who calls with a credential of which nobody knows whether it is revoked. */
  void unproven(Caller who) {
    this.caller = who;
    this.unproven = true;
  }

  /** Whether nobody can know if the caller's credential is revoked: nothing may be told. */
  public boolean isUnproven() {
    return unproven;
  }

  /** Remembers for whom a service calls, so that records name them. */
  public void calledOnBehalf(@Nullable OnBehalf author) {
    this.onBehalf = author;
  }

  /** For whom a service calls, when it said so. */
  public Optional<OnBehalf> onBehalf() {
    return Optional.ofNullable(onBehalf);
  }

  /** Who makes this request and how, for a service that is called because of it. */
  public OnBehalf author(String actorId) {
    return onBehalf()
        .orElseGet(() -> new OnBehalf(actorId, ip(), userAgent(), id(), traceparent()));
  }

  /** Remembers the record that this request leaves if it succeeds, or that tells why it did not. */
  public void described(AuditDraft own) {
    this.draft = own;
  }

  /** Says that what this request does, if it succeeds, is put on record from elsewhere. */
  public void recordedElsewhere() {
    this.recordedElsewhere = true;
  }

  /** Whether the request, which has been answered, left a record of its own. */
  public boolean isOnRecord() {
    AuditDraft own = draft;
    boolean failed = context.response().getStatusCode() >= FIRST_FAILURE;
    return failed ? own != null && own.tellsOfRefusal() : own != null || recordedElsewhere;
  }

  /** Notes why the request in {@code context} is refused. */
  static void refused(RoutingContext context, RefusedException refusal) {
    context.put(REFUSAL, refusal);
  }

  /** Why the request was refused, when it was. */
  Optional<RefusedException> refusal() {
    return Optional.ofNullable(context.get(REFUSAL));
  }

  /** Notes that the token presented is only good with a proof of its key. */
  void wantsProof() {
    context.put(PROOF, true);
  }

  /** Whether the request in {@code context} presents a token as bound to a key, or should have. */
  static boolean isOfBoundToken(RoutingContext context) {
    return context.get(PROOF) != null
        || PresentedCredential.isBound(context.request().getHeader("Authorization"));
  }

  /** Has something done once the answer has left. */
  void onEnd(Runnable action) {
    context.addEndHandler(ended -> action.run());
  }

  /** Has the answer carry the revision of a write. */
  public void wrote(long sequence) {
    wrote(revisions.of(sequence));
  }

  /** Has the answer carry a revision. */
  public void wrote(String revision) {
    context.response().putHeader("Relay-Revision", revision);
  }
}
