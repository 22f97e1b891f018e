package dev.relayauth.policy.adapter.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.RequestEdge;
import dev.relayauth.policy.adapter.http.Asking;
import dev.relayauth.policy.adapter.http.Authorization;
import dev.relayauth.policy.adapter.http.Callers;
import dev.relayauth.policy.v1.CheckRequest;
import dev.relayauth.policy.v1.CheckResponse;
import io.grpc.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The short way to {@link Authorization} for the gRPC calls that nearly all are: {@code Check} with
 * one message as it is, by a caller that memory knows and admits. Whatever else comes goes on to
 * the server of all other calls, which answers alike.
 */
@Singleton
public final class CheckRoute {
  private static final String PATH = "/relayauth.v1.Authorization/Check";
  private static final String CONTENT_TYPE = "application/grpc";
  private static final int BEFORE_ALL_OTHER_CALLS = -1;
  private static final int MAX_TEXT = 256;

  /** Whether it is compressed, and its length. */
  private static final int PREFIX = 5;

  private final Callers callers;
  private final Authorization authorization;

  CheckRoute(Callers callers, Authorization authorization) {
    this.callers = callers;
    this.authorization = authorization;
  }

  void register(@Observes Router router) {
    router.post(PATH).order(BEFORE_ALL_OTHER_CALLS).handler(this::handle);
  }

  private void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<Callers.Admitted> caller =
        isPlain(request)
            ? callers.known(request.getHeader("authorization"), request.getHeader("x-api-key"))
            : Optional.empty();
    if (caller.isEmpty()) {
      context.next();
      return;
    }
    Asking asking = asking(caller.get(), request);
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          // One byte too many is enough to know.
          if (body.length() <= RequestEdge.MAX_BODY) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(ended -> answer(body, asking, request.response()));
    request.resume();
  }

  private static boolean isPlain(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    String encoding = request.getHeader("grpc-encoding");
    return request.version() == HttpVersion.HTTP_2
        && (CONTENT_TYPE.equals(type) || (CONTENT_TYPE + "+proto").equals(type))
        && (encoding == null || encoding.equals("identity"));
  }

  private static Asking asking(Callers.Admitted caller, HttpServerRequest request) {
    return Asking.of(
        caller,
        request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
        bounded(request.getHeader("user-agent")),
        bounded(request.getHeader("x-request-id")),
        bounded(request.getHeader("traceparent")));
  }

  private static @Nullable String bounded(@Nullable String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  private void answer(Buffer body, Asking asking, HttpServerResponse response) {
    try {
      CheckRequest question = CheckRequest.parseFrom(message(body));
      authorization
          .one(Messages.question(question), asking)
          .thenApply(Messages::answer)
          .whenComplete(
              (answer, failure) -> {
                if (answer != null) {
                  end(response, answer);
                } else {
                  end(response, Statuses.of(Objects.requireNonNull(failure)).getStatus());
                }
              });
    } catch (InvalidProtocolBufferException e) {
      end(response, Status.INTERNAL.withDescription("Invalid protobuf byte sequence"));
    } catch (RuntimeException e) {
      end(response, Statuses.of(e).getStatus());
    }
  }

  /** The one message of a call. */
  private static byte[] message(Buffer body) throws InvalidProtocolBufferException {
    if (body.length() > RequestEdge.MAX_BODY) {
      throw new RefusedException(
          ErrorCode.PAYLOAD_TOO_LARGE, "a body may be " + RequestEdge.MAX_BODY + " bytes at most");
    }
    boolean isOne =
        body.length() >= PREFIX && body.getByte(0) == 0 && body.getInt(1) == body.length() - PREFIX;
    if (!isOne) {
      throw new InvalidProtocolBufferException("not one message as it is");
    }
    return body.getBytes(PREFIX, body.length());
  }

  private static void end(HttpServerResponse response, CheckResponse answer) {
    byte[] message = answer.toByteArray();
    response
        .putHeader("content-type", CONTENT_TYPE)
        .putTrailer("grpc-status", "0")
        .end(
            Buffer.buffer(message.length + PREFIX)
                .appendByte((byte) 0)
                .appendInt(message.length)
                .appendBytes(message));
  }

  /** Trailers only; the message is percent-encoded, as the protocol wants it. */
  private static void end(HttpServerResponse response, Status status) {
    response
        .putHeader("content-type", CONTENT_TYPE)
        .putHeader("grpc-status", Integer.toString(status.getCode().value()));
    if (status.getDescription() != null) {
      response.putHeader(
          "grpc-message", URLEncoder.encode(status.getDescription(), UTF_8).replace("+", "%20"));
    }
    response.end();
  }
}
