package dev.relayauth.policy.adapter.grpc;

import dev.relayauth.policy.adapter.http.Asking;
import dev.relayauth.policy.adapter.http.Authorization;
import dev.relayauth.policy.adapter.http.AuthorizeBody;
import dev.relayauth.policy.adapter.http.BatchBody;
import dev.relayauth.policy.adapter.http.Callers;
import dev.relayauth.policy.v1.BatchCheckRequest;
import dev.relayauth.policy.v1.BatchCheckResponse;
import dev.relayauth.policy.v1.CheckRequest;
import dev.relayauth.policy.v1.CheckResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@code relayauth.v1.Authorization}: authorize, as gRPC. */
@GrpcService
public final class AuthorizationService implements dev.relayauth.policy.v1.Authorization {
  private final Callers callers;
  private final Authorization authorization;

  AuthorizationService(Callers callers, Authorization authorization) {
    this.callers = callers;
    this.authorization = authorization;
  }

  @Override
  public Uni<CheckResponse> check(CheckRequest sent) {
    return answered(
        "relayauth.v1.Authorization/Check",
        asking -> authorization.one(Messages.question(sent), asking).thenApply(Messages::answer));
  }

  @Override
  public Uni<BatchCheckResponse> batchCheck(BatchCheckRequest sent) {
    return answered(
        "relayauth.v1.Authorization/BatchCheck",
        asking ->
            authorization
                .many(batch(sent), asking)
                .thenApply(
                    answers ->
                        BatchCheckResponse.newBuilder()
                            .addAllResults(answers.stream().map(Messages::answer).toList())
                            .build()));
  }

  private static BatchBody batch(BatchCheckRequest sent) {
    List<AuthorizeBody> questions = new ArrayList<>(sent.getRequestsCount());
    sent.getRequestsList().forEach(each -> questions.add(Messages.question(each)));
    return new BatchBody(new ArrayList<>(questions), Messages.text(sent.getAtLeastAsFresh()));
  }

  private <T> Uni<T> answered(String route, Function<Asking, CompletableFuture<T>> answering) {
    CallHeaders.Call call = CallHeaders.current();
    return Uni.createFrom()
        .completionStage(
            () ->
                callers
                    .admit(call.header("authorization"), call.header("x-api-key"), route)
                    .thenCompose(
                        caller ->
                            answering.apply(
                                Asking.of(
                                    caller,
                                    call.ip(),
                                    call.bounded("user-agent"),
                                    call.bounded("x-request-id"),
                                    call.bounded("traceparent")))))
        .onFailure()
        .transform(Statuses::of);
  }
}
