package dev.relayauth.audit.adapter.http;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.relayauth.audit.adapter.postgres.LogSigner;
import dev.relayauth.audit.domain.tree.SignedTree;
import dev.relayauth.audit.domain.tree.TreeLog;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Open;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log of the caller's organisation commits to. */
@Path("/v1/audit/checkpoint")
public final class EvidenceResource {
  private final TreeLog trees;
  private final LogSigner signer;
  private final CurrentRequest request;

  EvidenceResource(TreeLog trees, LogSigner signer, CurrentRequest request) {
    this.trees = trees;
    this.signer = signer;
    this.request = request;
  }

  /** A checkpoint, with what it says and whose signature it has. */
  public record CheckpointView(
      String origin, long size, String rootHash, String note, String verifierKey) {
    static CheckpointView of(SignedTree tree) {
      return new CheckpointView(
          tree.checkpoint().origin(),
          tree.size(),
          base64(tree.checkpoint().root()),
          tree.note(),
          tree.key().toString());
    }
  }

  /** That a smaller tree is the beginning of a larger one (RFC 6962 §2.1.2). */
  public record Consistency(
      long from, long to, List<String> proof, String checkpoint, String verifierKey) {}

  /** The log's public keys, as a JWK set. */
  public record LogKeys(@JsonRawValue String keys) {}

  /** The newest checkpoint: a signed note (C2SP tlog-checkpoint), or JSON for who asks for it. */
  @GET
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public Response checkpoint(@HeaderParam("Accept") @Nullable String accept) {
    SignedTree tree = trees.checkpoint(request.tenant().org(), -1);
    boolean json = accept != null && accept.contains("application/json");
    return Response.ok(json ? CheckpointView.of(tree) : tree.note())
        .type(json ? "application/json" : "text/plain;charset=utf-8")
        .header("Cache-Control", "no-store")
        .build();
  }

  /** The keys that checkpoints are signed with. */
  @GET
  @Path("/keys")
  @Open
  @RunOnVirtualThread
  public LogKeys keys() {
    return new LogKeys("[" + signer.publicJwk() + "]");
  }

  /** A proof between two sizes; {@code to} is the newest checkpoint's when missing. */
  @GET
  @Path("/consistency")
  @RequiresScope("relayauth:audit:read")
  @RunOnVirtualThread
  public Consistency consistency(
      @QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
    String org = request.tenant().org();
    SignedTree tree = trees.checkpoint(org, -1);
    Violations violations = new Violations();
    long last = to == null ? tree.size() : size(to, "/to", tree.size(), violations);
    long first = size(from, "/from", last, violations);
    violations.throwIfAny();
    List<byte[]> proof = trees.prove(org, proofs -> proofs.consistency(first, last));
    return new Consistency(first, last, base64(proof), tree.note(), tree.key().toString());
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static List<String> base64(List<byte[]> hashes) {
    return hashes.stream().map(EvidenceResource::base64).toList();
  }

  private static long size(@Nullable String text, String pointer, long max, Violations violations) {
    boolean number = text != null && text.matches("[0-9]{1,18}");
    long size = number ? Long.parseLong(String.valueOf(text)) : -1;
    violations.check(
        number && size <= max, pointer, "must be the size of a tree that is checkpointed");
    return size;
  }
}
