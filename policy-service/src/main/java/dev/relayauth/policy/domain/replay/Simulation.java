package dev.relayauth.policy.domain.replay;

import dev.relayauth.policy.domain.decision.Authority;
import dev.relayauth.policy.domain.replay.RecordedDecision.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What a change would have made of the decisions of the past. */
public final class Simulation {
  private final Replay replay;
  private final Authority before;
  private final Authority after;
  private final int maxExamples;
  private final List<Example> newlyAllowed = new ArrayList<>();
  private final List<Example> newlyDenied = new ArrayList<>();
  private final List<Example> otherwise = new ArrayList<>();
  private long allowed;
  private long denied;
  private long changedReason;
  private long unchanged;
  private long skipped;

  /** Compares the rules of today with those that are tried, keeping so many examples of each. */
  public Simulation(Replay replay, Authority before, Authority after, int maxExamples) {
    this.replay = replay;
    this.before = before;
    this.after = after;
    this.maxExamples = maxExamples;
  }

  /** A decision that would come out differently. */
  public record Example(RecordedDecision decision, Outcome before, Outcome after) {}

  /** How many there are of a kind, and some of them. */
  public record Group(long count, List<Example> examples) {
    /** Copies the examples. */
    public Group {
      examples = List.copyOf(examples);
    }
  }

  /**
   * What came of it.
   *
   * @param otherReason the answer stays, but for another reason or by another policy
   * @param skipped decisions whose inputs were not kept
   */
  public record Result(
      Group newlyAllowed, Group newlyDenied, Group otherReason, long unchanged, long skipped) {}

  /** Puts one more decision to both. */
  public void consider(RecordedDecision decision) {
    RecordedInputs inputs = decision.inputs();
    if (inputs == null) {
      skipped++;
      return;
    }
    Outcome was = Outcome.of(replay.under(decision, inputs, before));
    Outcome would = Outcome.of(replay.under(decision, inputs, after));
    Example example = new Example(decision, was, would);
    if (was.equals(would)) {
      unchanged++;
    } else if (was.allowed() == would.allowed()) {
      changedReason++;
      keep(otherwise, example);
    } else if (would.allowed()) {
      allowed++;
      keep(newlyAllowed, example);
    } else {
      denied++;
      keep(newlyDenied, example);
    }
  }

  private void keep(List<Example> examples, Example example) {
    if (examples.size() < maxExamples) {
      examples.add(example);
    }
  }

  /** What has come of it so far. */
  public Result result() {
    return new Result(
        new Group(allowed, newlyAllowed),
        new Group(denied, newlyDenied),
        new Group(changedReason, otherwise),
        unchanged,
        skipped);
  }
}
