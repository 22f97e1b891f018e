package dev.relayauth.revocation.adapter.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.outbound.Destinations;
import dev.relayauth.common.outbound.OutboundPost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a receiver wants of its stream (SSF 1.0 §8.1.1). */
public record SignalStreamBody(
    @JsonProperty("stream_id") @Nullable String streamId,
    @Nullable Delivery delivery,
    @JsonProperty("events_requested") @Nullable List<String> eventsRequested,
    @Nullable String description) {
  private static final int MAX_EVENTS = 50;
  private static final int MAX_URI = 200;
  private static final int MAX_DESCRIPTION = 500;
  private static final int MAX_HEADER = 2_048;

  /** How events get there; polled unless it says otherwise. */
  public record Delivery(
      @Nullable String method,
      @JsonProperty("endpoint_url") @Nullable String endpointUrl,
      @JsonProperty("authorization_header") @Nullable String authorizationHeader) {
    boolean isPush() {
      return SignalConfigurationResource.PUSH.equals(method);
    }

    /** Never the header. */
    @Override
    public String toString() {
      return "Delivery[" + method + "]";
    }
  }

  /** Where to push; null to be polled. */
  @Nullable String endpoint() {
    return delivery != null && delivery.isPush() ? delivery.endpointUrl() : null;
  }

  /** The Authorization header of pushes. */
  @Nullable String authorization() {
    return delivery != null && delivery.isPush() ? delivery.authorizationHeader() : null;
  }

  /** What it asked for; null when it doesn't say. */
  @Nullable List<String> requested() {
    return eventsRequested == null ? null : eventsRequested.stream().distinct().toList();
  }

  /** Throws a 400 that names what is wrong. Blocks: a name is looked up. */
  void check(OutboundPost post) {
    Violations violations =
        new Violations()
            .list(eventsRequested, "/events_requested", MAX_EVENTS)
            .optionalText(description, "/description", MAX_DESCRIPTION);
    if (eventsRequested != null) {
      eventsRequested.forEach(uri -> violations.optionalText(uri, "/events_requested", MAX_URI));
    }
    if (delivery != null) {
      check(violations, delivery, post);
    }
    violations.throwIfAny();
  }

  private static void check(Violations violations, Delivery delivery, OutboundPost post) {
    boolean poll = SignalConfigurationResource.POLL.equals(delivery.method());
    violations
        .check(delivery.isPush() || poll, "/delivery/method", "is none of those supported")
        .optionalText(delivery.authorizationHeader(), "/delivery/authorization_header", MAX_HEADER);
    if (delivery.isPush()) {
      String url = delivery.endpointUrl();
      boolean reachable = url != null && Destinations.parse(url).filter(post::mayReach).isPresent();
      violations.check(
          reachable, "/delivery/endpoint_url", "must be an http or https URL of a public address");
    }
  }
}
