package dev.relayauth.stack.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Reads a request's body up to the contract's bound, so that it can be sent again elsewhere. */
final class BoundedBody {
  static final int LIMIT = 256 * 1024;

  /** How much of a refused body is read and dropped, so that the client sees the answer. */
  private static final long DROPPED = 16L * 1024 * 1024;

  private final HttpServerRequest request;
  private final Promise<Buffer> whole = Promise.promise();
  private Buffer read = Buffer.buffer();
  private long dropped;
  private boolean refused;

  private BoundedBody(HttpServerRequest request) {
    this.request = request;
  }

  /** The whole body; fails with {@link TooLarge} as soon as it is known to be past the bound. */
  static Future<Buffer> read(HttpServerRequest request) {
    return new BoundedBody(request).begin();
  }

  private Future<Buffer> begin() {
    request.exceptionHandler(whole::tryFail);
    request.handler(this::add);
    request.endHandler(end -> whole.tryComplete(read));
    if (announced(request.getHeader("Content-Length")) > LIMIT) {
      refuse();
    }
    return whole.future();
  }

  private void add(Buffer chunk) {
    if (!refused && read.length() + chunk.length() > LIMIT) {
      refuse();
    }
    if (!refused) {
      read.appendBuffer(chunk);
      return;
    }
    dropped += chunk.length();
    if (dropped > DROPPED) {
      request.connection().close();
    }
  }

  private void refuse() {
    refused = true;
    read = Buffer.buffer();
    whole.tryFail(new TooLarge());
  }

  private static long announced(@Nullable String length) {
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException unreadable) {
      return 0;
    }
  }

  /** The body is past the bound. */
  static final class TooLarge extends RuntimeException {
    TooLarge() {
      super("the body is too large", null, false, false);
    }
  }
}
