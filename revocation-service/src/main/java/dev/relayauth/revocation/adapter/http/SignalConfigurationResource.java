package dev.relayauth.revocation.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.http.Open;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;

/** Tells receivers where everything is (SSF 1.0 §7). */
@Path("/.well-known/ssf-configuration")
public final class SignalConfigurationResource {
  static final String PUSH = "urn:ietf:rfc:8935";
  static final String POLL = "urn:ietf:rfc:8936";

  private final String issuer;

  SignalConfigurationResource(RelayAuthConfig config) {
    this.issuer = config.issuer();
  }

  /** The metadata. */
  @GET
  @Open
  @NonBlocking
  public Map<String, Object> metadata() {
    return Map.of(
        "spec_version",
        "1_0",
        "issuer",
        issuer,
        "jwks_uri",
        issuer + "/.well-known/jwks.json",
        "delivery_methods_supported",
        List.of(PUSH, POLL),
        "configuration_endpoint",
        issuer + "/ssf/v1/streams",
        "status_endpoint",
        issuer + "/ssf/v1/status",
        "verification_endpoint",
        issuer + "/ssf/v1/verification",
        "authorization_schemes",
        List.of(Map.of("spec_urn", "urn:ietf:rfc:6749")),
        "default_subjects",
        "ALL");
  }
}
