package dev.relayauth.common.revocation;

import dev.relayauth.common.revocation.RevocationSubject.Name;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures the set with a million entries in force, without a stack: bytes an entry, the time of a
 * check, and the time until all are in it. Prints; asserts nothing.
 */
public final class RevocationSetBenchmark {
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");
  private static final int ENTRIES = 1_000_000;
  private static final int ORGANIZATIONS = 1_000;

  /** As many as a replica has in its caches: their own memory is not what is measured. */
  private static final int SUBJECTS = 2_000;

  private static final int ROUNDS = 1_000;
  private static final int AGENTS = 10_000;

  private final Random random = new Random(7);
  private final List<String> orgs = new ArrayList<>();

  private RevocationSetBenchmark() {
    for (int i = 0; i < ORGANIZATIONS; i++) {
      orgs.add(id("org_"));
    }
  }

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    new RevocationSetBenchmark().run();
  }

  private void run() {
    List<RevocationEntry> entries = new ArrayList<>(ENTRIES);
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(entry(i));
    }
    long before = used();
    RevocationSet set = new RevocationSet();
    long began = System.nanoTime();
    entries.forEach(set::apply);
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%,d entries: %d bytes each, applied in %.2f s%n",
        set.size(),
        (used() - before) / ENTRIES,
        seconds);
    time("a token that nothing kills", set, subjects(entries, false), 0);
    time("a token that an entry kills", set, subjects(entries, true), SUBJECTS);
    sponsor(set);
  }

  private static void time(
      String name, RevocationSet set, List<RevocationSubject> subjects, int killed) {
    long[] nanos = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long began = System.nanoTime();
      int matched = 0;
      for (RevocationSubject subject : subjects) {
        matched += set.match(subject).isPresent() ? 1 : 0;
      }
      nanos[round] = (System.nanoTime() - began) / subjects.size();
      if (matched != killed) {
        throw new IllegalStateException(matched + " of " + subjects.size() + " were killed");
      }
    }
    java.util.Arrays.sort(nanos);
    System.out.printf("%s: %d ns a check of 13 names (median)%n", name, nanos[ROUNDS / 2]);
  }

  /** Whatever a sponsor answers for dies by one entry. */
  private void sponsor(RevocationSet set) {
    int before = set.size();
    String org = orgs.get(0);
    String sponsor = id("user_");
    set.apply(new RevocationEntry(org, RevocationKind.SPONSOR, sponsor, ENTRIES, false, LATER));
    int dead = 0;
    for (int i = 0; i < AGENTS; i++) {
      RevocationSubject token =
          new RevocationSubject(org, names(org, sponsor, id("tok_"), id("agent_")), 0);
      dead += set.match(token).isPresent() ? 1 : 0;
    }
    System.out.printf(
        "a sponsor of %,d agents: %d entry, %,d of their tokens dead%n",
        AGENTS, set.size() - before, dead);
  }

  private RevocationEntry entry(int number) {
    boolean ofToken = number % 2 == 0;
    return new RevocationEntry(
        orgs.get(number % ORGANIZATIONS),
        ofToken ? RevocationKind.TOKEN : RevocationKind.SESSION,
        id(ofToken ? "tok_" : "sess_"),
        number,
        false,
        LATER);
  }

  private List<RevocationSubject> subjects(List<RevocationEntry> entries, boolean killed) {
    List<RevocationSubject> subjects = new ArrayList<>(SUBJECTS);
    for (int i = 0; i < SUBJECTS; i++) {
      RevocationEntry entry = entries.get(2 * random.nextInt(ENTRIES / 2));
      String token = killed ? entry.id() : id("tok_");
      subjects.add(
          new RevocationSubject(
              entry.org(), names(entry.org(), "user_jane", token, id("agent_")), 0));
    }
    return subjects;
  }

  private List<Name> names(String org, String sponsor, String token, String agent) {
    List<Name> names = new ArrayList<>();
    names.add(new Name(RevocationKind.TOKEN, token));
    names.add(new Name(RevocationKind.SESSION, id("sess_")));
    names.add(new Name(RevocationKind.ORGANIZATION, org));
    names.add(new Name(RevocationKind.KEY, "kid"));
    names.add(new Name(RevocationKind.WORKSPACE, "ws_prod"));
    for (String person : List.of(sponsor, agent)) {
      names.add(new Name(RevocationKind.IDENTITY, person));
      names.add(new Name(RevocationKind.SPONSOR, person));
    }
    String key = id("ak_");
    names.add(new Name(RevocationKind.TOKEN, key));
    names.add(new Name(RevocationKind.PARENT, key));
    names.add(new Name(RevocationKind.CREDENTIAL, key));
    names.add(new Name(RevocationKind.SESSION, key));
    return names;
  }

  private String id(String prefix) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
