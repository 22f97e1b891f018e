package dev.relayauth.policy.adapter.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Lets a call's method see the metadata that came with it, and where it came from. */
@Singleton
@GlobalInterceptor
public final class CallHeaders implements ServerInterceptor {
  private static final Context.Key<Call> CURRENT = Context.key("relayauth.call");
  private static final int MAX_TEXT = 256;

  /** What came with a call. */
  record Call(Metadata headers, @Nullable String ip) {
    @Nullable String header(String name) {
      return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    /** A header for the record, cut to a bounded length. */
    @Nullable String bounded(String name) {
      String value = header(name);
      return value == null || value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT);
    }
  }

  /** Of the call in hand. */
  static Call current() {
    Call call = CURRENT.get();
    return call == null ? new Call(new Metadata(), null) : call;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    String ip =
        remote instanceof InetSocketAddress address && address.getAddress() != null
            ? address.getAddress().getHostAddress()
            : null;
    Context context = Context.current().withValue(CURRENT, new Call(headers, ip));
    return Contexts.interceptCall(context, call, headers, next);
  }
}
