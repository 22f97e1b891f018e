package dev.relayauth.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.relayauth.audit.domain.removal.Removals;
import dev.relayauth.audit.domain.tree.Checkpoint;
import dev.relayauth.audit.domain.tree.LeafRanges;
import dev.relayauth.audit.domain.tree.NoteKey;
import dev.relayauth.audit.domain.tree.SignedNote;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds an export against the checkpoint that it ends with, which says how many leaves there were,
 * and against another where it reaches that far: read the lines twice, first for {@link #hashes},
 * then for {@link #entries}. Needs 32 bytes a leaf, and no room for entries that are as they should
 * be.
 */
public final class ExportVerification {
  private final ExportLine.Reader reader = new ExportLine.Reader();
  private final Checkpoint checkpoint;
  private final NoteKey key;
  private final LeafList leaves = new LeafList();
  private final BitSet whole = new BitSet();
  private final BitSet erased = new BitSet();
  private final BitSet altered = new BitSet();
  private final List<ExportLine.Entry> odd = new ArrayList<>();
  private final List<ExportLine.Entry> withoutPayload = new ArrayList<>();
  private final LeafRanges erasedOnRecord = new LeafRanges();
  private final LeafRanges expiredOnRecord = new LeafRanges();
  private final List<Finding> findings = new ArrayList<>();
  private boolean hashesBroken;
  private @Nullable Checkpoint own;

  /** Against a checkpoint whose signature by {@code key} holds. */
  public ExportVerification(Checkpoint checkpoint, NoteKey key) {
    this.checkpoint = checkpoint;
    this.key = key;
  }

  /**
   * What came out.
   *
   * @param leaves how many there are in the export, which may be fewer than in the checkpoint
   */
  public record Report(
      long leaves, long intact, long erased, long expired, List<Finding> findings) {
    /** Copies. */
    public Report {
      findings = List.copyOf(findings);
    }
  }

  /** First, each line. */
  public void hashes(String line) throws JsonProcessingException {
    if (line.startsWith("{\"leafHashes\"")
        && reader.read(line) instanceof ExportLine.Hashes hashes) {
      hashesBroken |= !leaves.append(hashes);
    } else if (line.startsWith("{\"checkpoint\"")
        && reader.read(line) instanceof ExportLine.Checkpoint last) {
      own = open(last.note());
    }
  }

  /** Then, each line again. */
  public void entries(String line) throws JsonProcessingException {
    if (reader.read(line) instanceof ExportLine.Entry entry) {
      entry(entry);
    }
  }

  /** At last. */
  public Report report() {
    judgeTree();
    odd.forEach(this::judgeOdd);
    withoutPayload.stream()
        .filter(entry -> !erasedOnRecord.contains(entry.leafIndex()))
        .map(entry -> new Finding.PayloadRemoved(entry.id(), entry.leafIndex()))
        .forEach(findings::add);
    return new Report(
        leaves.size(), whole.cardinality(), erased.cardinality(), countExpired(), findings);
  }

  private void judgeTree() {
    Checkpoint last = own;
    if (last == null) {
      findings.add(new Finding.WithoutCheckpoint());
    } else if (hashesBroken || leaves.size() != last.size() || !leadsTo(last)) {
      findings.add(new Finding.TreeAltered(last.size()));
    }
    Finding tree = new Finding.TreeAltered(checkpoint.size());
    boolean reaches = leaves.size() >= checkpoint.size();
    if (reaches && !findings.contains(tree) && !leadsTo(checkpoint)) {
      findings.add(tree);
    }
  }

  private @Nullable Checkpoint open(String note) {
    try {
      Checkpoint signed = Checkpoint.parse(SignedNote.open(note, key));
      return signed.origin().equals(key.name()) ? signed : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private boolean leadsTo(Checkpoint other) {
    return other.agrees(leaves.root(other.size()));
  }

  private void entry(ExportLine.Entry entry) {
    long leaf = entry.leafIndex();
    byte[] hash = entry.hash();
    if (leaf < 0 || leaf >= leaves.size()) {
      findings.add(new Finding.Inserted(entry.id()));
    } else if (hash == null && entry.erased() && !erased.get((int) leaf)) {
      erased.set((int) leaf);
      withoutPayload.add(entry);
    } else if (hash == null || !leaves.has(leaf, hash)) {
      odd.add(entry);
    } else if (whole.get((int) leaf)) {
      findings.add(new Finding.Inserted(entry.id()));
    } else {
      whole.set((int) leaf);
      remember(entry);
    }
  }

  /** What is on record of removals counts only from entries that are whole. */
  private void remember(ExportLine.Entry entry) {
    String gone = entry.metadata().get(Removals.LEAVES);
    if (gone != null && entry.action().equals(Removals.ERASED)) {
      erasedOnRecord.addAll(gone);
    } else if (gone != null && entry.action().equals(Removals.EXPIRED)) {
      expiredOnRecord.addAll(gone);
    }
  }

  private void judgeOdd(ExportLine.Entry entry) {
    int leaf = (int) entry.leafIndex();
    boolean taken = whole.get(leaf) || erased.get(leaf);
    if (taken) {
      findings.add(new Finding.Inserted(entry.id()));
    } else {
      findings.add(new Finding.Altered(entry.id(), leaf));
      altered.set(leaf);
    }
  }

  private long countExpired() {
    BitSet present = (BitSet) whole.clone();
    present.or(erased);
    present.or(altered);
    long expired = 0;
    for (int leaf = present.nextClearBit(0);
        leaf < leaves.size();
        leaf = present.nextClearBit(leaf + 1)) {
      if (expiredOnRecord.contains(leaf)) {
        expired++;
      } else {
        findings.add(new Finding.Removed(leaf));
      }
    }
    return expired;
  }
}
