package dev.relayauth.policy.adapter.authzen;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.http.Open;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this policy decision point can do (Authorization API 1.0 §9). */
@Path("/.well-known/authzen-configuration")
@Produces(MediaType.APPLICATION_JSON)
public final class MetadataResource {
  private final Map<String, String> metadata = new LinkedHashMap<>();

  MetadataResource(RelayAuthConfig config) {
    String base = config.issuer();
    metadata.put("policy_decision_point", base);
    metadata.put("access_evaluation_endpoint", base + "/access/v1/evaluation");
    metadata.put("access_evaluations_endpoint", base + "/access/v1/evaluations");
    metadata.put("search_subject_endpoint", base + "/access/v1/search/subject");
    metadata.put("search_resource_endpoint", base + "/access/v1/search/resource");
    metadata.put("search_action_endpoint", base + "/access/v1/search/action");
  }

  /** The document. */
  @GET
  @Open
  @NonBlocking
  public Response read() {
    return Response.ok(metadata).header(HttpHeaders.CACHE_CONTROL, "max-age=3600").build();
  }
}
