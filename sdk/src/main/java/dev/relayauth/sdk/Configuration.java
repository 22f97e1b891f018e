package dev.relayauth.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.sdk.Transport.Call;
import dev.relayauth.sdk.Transport.Yaml;

/** One YAML of sponsors, roles, identities, budgets and policies that owns the setup. */
public final class Configuration {
  private final Transport transport;

  Configuration(Transport transport) {
    this.transport = transport;
  }

  /**
   * What applying it would change; nothing changes.
   *
   * @param prune whether what an earlier configuration made, and this one doesn't name, would go
   */
  public JsonNode plan(String yaml, boolean prune) {
    return send(Call.post("/v1/config:plan?prune=" + prune, new Yaml(yaml)));
  }

  /**
   * Changes what differs. Applying twice changes nothing the second time.
   *
   * @param prune whether what an earlier configuration made, and this one doesn't name, goes
   */
  public JsonNode apply(String yaml, boolean prune) {
    Call call = Call.post("/v1/config:apply?prune=" + prune, new Yaml(yaml));
    return send(prune ? call.with("X-Confirm-Delete", "true") : call);
  }

  private JsonNode send(Call call) {
    return Transport.await(transport.send(call, JsonNode.class));
  }
}
