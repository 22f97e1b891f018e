package dev.relayauth.revocation.adapter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.relayauth.revocation.domain.signal.SignalStream;
import dev.relayauth.revocation.domain.signal.SignalType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream as its receiver sees it (SSF 1.0 §8.1.1); the header of pushes is never shown. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SignalStreamView(
    @JsonProperty("stream_id") String streamId,
    String iss,
    List<String> aud,
    Delivery delivery,
    @JsonProperty("events_supported") List<String> eventsSupported,
    @JsonProperty("events_requested") @Nullable List<String> eventsRequested,
    @JsonProperty("events_delivered") List<String> eventsDelivered,
    @Nullable String description) {

  /** How events get to the receiver. */
  record Delivery(String method, @JsonProperty("endpoint_url") String endpointUrl) {}

  static SignalStreamView of(SignalStream stream, String issuer) {
    String endpoint = stream.endpoint();
    return new SignalStreamView(
        stream.id(),
        issuer,
        List.of(stream.org()),
        endpoint == null
            ? new Delivery(SignalConfigurationResource.POLL, issuer + "/ssf/v1/poll/" + stream.id())
            : new Delivery(SignalConfigurationResource.PUSH, endpoint),
        SignalType.supported().stream().map(SignalType::uri).toList(),
        stream.requested(),
        stream.delivered(),
        stream.description());
  }
}
