package dev.relayauth.audit.verify;

/** Something that is not as the log committed to it. */
public sealed interface Finding {
  /** For people. */
  String text();

  /** The tree does not lead to the checkpoint: hashes themselves were changed. */
  record TreeAltered(long size) implements Finding {
    @Override
    public String text() {
      return "TREE      the hashes of the first " + size + " leaves don't lead to the checkpoint";
    }
  }

  /** No checkpoint that the log has signed says how many leaves there were at the export. */
  record WithoutCheckpoint() implements Finding {
    @Override
    public String text() {
      return "TREE      the export doesn't end with a checkpoint that the log has signed";
    }
  }

  /** An entry is not what was hashed. */
  record Altered(String id, long leafIndex) implements Finding {
    @Override
    public String text() {
      return "ALTERED   entry " + id + " (leaf " + leafIndex + ")";
    }
  }

  /** An entry was never in the tree. */
  record Inserted(String id) implements Finding {
    @Override
    public String text() {
      return "INSERTED  entry " + id;
    }
  }

  /** A leaf has no entry, and nothing on record says why. */
  record Removed(long leafIndex) implements Finding {
    @Override
    public String text() {
      return "REMOVED   the entry of leaf " + leafIndex;
    }
  }

  /** A payload is gone, and nothing on record says why. */
  record PayloadRemoved(String id, long leafIndex) implements Finding {
    @Override
    public String text() {
      return "ALTERED   entry " + id + " (leaf " + leafIndex + "): erased, but not on record";
    }
  }
}
