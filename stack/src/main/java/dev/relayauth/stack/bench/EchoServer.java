package dev.relayauth.stack.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/**
 * The yardstick: a bare Vert.x server, a process of its own, that reads a body and answers with one
 * as long as the caller names in {@code x-answer-bytes}; a gRPC call with one such message.
 */
public final class EchoServer {
  private EchoServer() {}

  /** Listens on a free loopback port and prints it. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    HttpServer server =
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    server.requestHandler(EchoServer::answer);
    server.listen().toCompletionStage().toCompletableFuture().get();
    System.out.println("PORT " + server.actualPort());
    Thread.currentThread().join();
  }

  private static void answer(HttpServerRequest request) {
    int bytes = Integer.parseInt(request.getHeader("x-answer-bytes"));
    String type = String.valueOf(request.getHeader("content-type"));
    request.response().putHeader("content-type", type);
    if (type.equals(GrpcCalls.CONTENT_TYPE)) {
      request.response().putTrailer("grpc-status", "0");
    }
    Buffer answer = Buffer.buffer("x".repeat(bytes));
    request.body().onSuccess(body -> request.response().end(answer));
  }
}
