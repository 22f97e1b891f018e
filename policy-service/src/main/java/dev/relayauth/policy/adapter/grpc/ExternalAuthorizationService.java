package dev.relayauth.policy.adapter.grpc;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.relayauth.policy.adapter.http.Asking;
import dev.relayauth.policy.adapter.http.Callers;
import dev.relayauth.policy.adapter.http.ExternalAuthorization;
import dev.relayauth.policy.adapter.http.ExternalAuthorization.Proxied;
import dev.relayauth.policy.adapter.http.ExternalAuthorization.Ruling;
import dev.relayauth.policy.envoy.auth.AttributeContext;
import dev.relayauth.policy.envoy.auth.AttributeContext.HttpRequest;
import dev.relayauth.policy.envoy.auth.Authorization;
import dev.relayauth.policy.envoy.auth.CheckRequest;
import dev.relayauth.policy.envoy.auth.CheckResponse;
import dev.relayauth.policy.envoy.auth.DeniedHttpResponse;
import dev.relayauth.policy.envoy.auth.OkHttpResponse;
import dev.relayauth.policy.envoy.core.HeaderValue;
import dev.relayauth.policy.envoy.core.HeaderValueOption;
import dev.relayauth.policy.envoy.core.HeaderValueOption.HeaderAppendAction;
import dev.relayauth.policy.envoy.type.HttpStatus;
import dev.relayauth.policy.envoy.type.StatusCode;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's external authorization v3. The proxy's credential is in the call's metadata; the scope is
 * the context extension {@code scope} of the route, a template.
 */
@GrpcService
public final class ExternalAuthorizationService implements Authorization {
  private final Callers callers;
  private final ExternalAuthorization external;

  ExternalAuthorizationService(Callers callers, ExternalAuthorization external) {
    this.callers = callers;
    this.external = external;
  }

  @Override
  public Uni<CheckResponse> check(CheckRequest sent) {
    CallHeaders.Call call = CallHeaders.current();
    AttributeContext attributes = sent.getAttributes();
    HttpRequest http = attributes.getRequest().getHttp();
    String ip = Messages.text(attributes.getSource().getAddress().getSocketAddress().getAddress());
    Proxied proxied =
        new Proxied(
            attributes.getContextExtensionsMap().get("scope"),
            http.getMethod(),
            http.getPath(),
            http.getHeadersMap().get("authorization"),
            ip);
    return Uni.createFrom()
        .completionStage(
            () ->
                callers
                    .admit(
                        call.header("authorization"),
                        call.header("x-api-key"),
                        "envoy.service.auth.v3.Authorization/Check")
                    .thenCompose(
                        caller ->
                            external.rule(
                                proxied,
                                Asking.of(
                                    caller,
                                    ip,
                                    bounded(http, "user-agent"),
                                    bounded(http, "x-request-id"),
                                    http.getHeadersMap().get("traceparent"))))
                    .thenApply(ExternalAuthorizationService::response))
        .onFailure()
        .transform(Statuses::of);
  }

  private static @Nullable String bounded(HttpRequest http, String header) {
    return Optional.ofNullable(http.getHeadersMap().get(header))
        .map(value -> value.substring(0, Math.min(value.length(), 256)))
        .orElse(null);
  }

  private static CheckResponse response(Ruling ruling) {
    return switch (ruling) {
      case Ruling.Pass pass ->
          CheckResponse.newBuilder()
              .setStatus(Status.newBuilder().setCode(Code.OK_VALUE))
              .setOkResponse(
                  OkHttpResponse.newBuilder()
                      .addHeaders(header("x-relayauth-decision-id", pass.decisionId()))
                      .addHeaders(header("x-relayauth-subject", pass.subject()))
                      .addHeaders(header("x-relayauth-scope", pass.scope())))
              .build();
      case Ruling.Stop stop -> denied(stop);
    };
  }

  private static CheckResponse denied(Ruling.Stop stop) {
    boolean unknown = stop.status() == 401;
    DeniedHttpResponse.Builder denied =
        DeniedHttpResponse.newBuilder()
            .setStatus(
                HttpStatus.newBuilder()
                    .setCode(unknown ? StatusCode.Unauthorized : StatusCode.Forbidden))
            .setBody(stop.reason());
    if (unknown) {
      denied.addHeaders(header("www-authenticate", "Bearer realm=\"relayauth\""));
    }
    if (stop.decisionId() != null) {
      denied.addHeaders(header("x-relayauth-decision-id", stop.decisionId()));
    }
    return CheckResponse.newBuilder()
        .setStatus(
            Status.newBuilder()
                .setCode(unknown ? Code.UNAUTHENTICATED_VALUE : Code.PERMISSION_DENIED_VALUE)
                .setMessage(stop.reason()))
        .setDeniedResponse(denied)
        .build();
  }

  /** Overwrites: what a client sent under that name must not survive. */
  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }
}
