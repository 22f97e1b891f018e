package dev.relayauth.stack.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/**
 * The yardstick: a bare Vert.x server, a process of its own, that reads a body and answers with one
 * as long as the caller names in {@code x-answer-bytes}.
 */
public final class EchoServer {
  private EchoServer() {}

  /** Listens on a free loopback port and prints it. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    HttpServer server =
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    server.requestHandler(
        request -> {
          int bytes = Integer.parseInt(request.getHeader("x-answer-bytes"));
          Buffer answer = Buffer.buffer("x".repeat(bytes));
          request
              .body()
              .onSuccess(
                  body ->
                      request.response().putHeader("content-type", "application/json").end(answer));
        });
    server.listen().toCompletionStage().toCompletableFuture().get();
    System.out.println("PORT " + server.actualPort());
    Thread.currentThread().join();
  }
}
