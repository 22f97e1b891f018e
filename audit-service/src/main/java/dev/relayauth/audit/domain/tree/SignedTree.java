package dev.relayauth.audit.domain.tree;

/**
 * A tree as its checkpoint commits to it.
 *
 * @param note the signed checkpoint
 */
public record SignedTree(Checkpoint checkpoint, String note, NoteKey key) {
  /** How many leaves. */
  public long size() {
    return checkpoint.size();
  }
}
