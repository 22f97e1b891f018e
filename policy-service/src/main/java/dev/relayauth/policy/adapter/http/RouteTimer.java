package dev.relayauth.policy.adapter.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/**
 * Times one hot route under the name and tags by which the general binder times all others: it
 * looks its meters up at each request, which costs more than a decision does. The binder is told to
 * leave these routes alone.
 */
final class RouteTimer {
  private static final String NAME = "http.server.requests";
  private static final int OK = 200;

  private final MeterRegistry metrics;
  private final String path;
  private final Timer answered;

  RouteTimer(MeterRegistry metrics, String path) {
    this.metrics = metrics;
    this.path = path;
    this.answered = timer(OK);
  }

  /** A request that began then, in nanoseconds, was answered 200 just now. */
  void answered(long began) {
    answered.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }

  /** Times a request that another handler will answer, whatever it answers. */
  void follow(RoutingContext context, long began) {
    context.addEndHandler(
        ended ->
            timer(context.response().getStatusCode())
                .record(System.nanoTime() - began, TimeUnit.NANOSECONDS));
  }

  private Timer timer(int status) {
    return Timer.builder(NAME)
        .tag("method", "POST")
        .tag("uri", path)
        .tag("status", Integer.toString(status))
        .tag("outcome", Outcome.forStatus(status).name())
        .register(metrics);
  }
}
