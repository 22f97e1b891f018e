package dev.relayauth.audit.adapter.http;

import static dev.relayauth.audit.adapter.http.EvidenceResource.base64;

import dev.relayauth.audit.domain.log.AuditEntry;
import dev.relayauth.audit.domain.tree.LeafContent;
import dev.relayauth.audit.domain.tree.SignedTree;
import dev.relayauth.audit.domain.tree.TreeLog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That an entry is in the log (RFC 6962 §2.1.1).
 *
 * @param leafHash SHA-256 of a zero byte, the salt and the content; base64
 * @param leafSalt base64; gone with an erased entry
 * @param leafContent the entry's canonical JSON (RFC 8785); gone with an erased entry
 * @param proof the audit path, base64
 * @param checkpoint the signed note that the path leads to
 */
public record ProofView(
    String id,
    long leafIndex,
    long treeSize,
    String leafHash,
    @Nullable String leafSalt,
    @Nullable String leafContent,
    List<String> proof,
    String rootHash,
    String checkpoint,
    String verifierKey) {

  static ProofView of(TreeLog trees, AuditEntry entry) {
    String org = entry.content().orgId();
    long index = entry.leaf().index();
    SignedTree tree = trees.checkpoint(org, index);
    byte[] salt = entry.leaf().salt();
    return trees.prove(
        org,
        proofs ->
            new ProofView(
                entry.content().id(),
                index,
                tree.size(),
                base64(proofs.leaf(index)),
                salt == null ? null : base64(salt),
                salt == null
                    ? null
                    : new String(LeafContent.of(entry.content()), StandardCharsets.UTF_8),
                base64(proofs.inclusion(index, tree.size())),
                base64(tree.checkpoint().root()),
                tree.note(),
                tree.key().toString()));
  }
}
