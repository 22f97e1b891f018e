package dev.relayauth.audit.domain.tree;

import java.util.function.Function;

/** The trees of all organisations. Methods may block, and throw when the store is away. */
public interface TreeLog {
  /** The newest checkpoint of an organisation, of more than {@code leafIndex} leaves. */
  SignedTree checkpoint(String org, long leafIndex);

  /** Makes proofs in the tree of an organisation. */
  <T> T prove(String org, Function<TreeProofs, T> proof);

  /** Signs a checkpoint of each tree that has grown since its last; how many there were. */
  int signChanged();
}
