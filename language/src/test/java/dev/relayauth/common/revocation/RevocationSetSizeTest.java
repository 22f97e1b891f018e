package dev.relayauth.common.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.revocation.RevocationSubject.Name;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RevocationSetSizeTest {
  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");
  private static final int ENTRIES = Integer.getInteger("revocations", 100_000);
  private static final int SUBJECTS = 20_000;

  private final Random ids = new Random(7);
  private final List<String> orgs = new ArrayList<>();

  @Test
  void takesLessThanAHundredBytesAnEntry() {
    for (int i = 0; i < 100; i++) {
      orgs.add(id("org_"));
    }
    RevocationSet set = new RevocationSet();
    long before = used();
    for (int i = 0; i < ENTRIES; i++) {
      set.apply(entry(i));
    }
    long bytes = (used() - before) / ENTRIES;
    long nanos = Long.MAX_VALUE;
    List<RevocationSubject> subjects = subjects();
    for (int round = 0; round < 10; round++) {
      nanos = Math.min(nanos, nanosPerCheck(set, subjects));
    }
    System.out.printf(
        "%d entries: %d bytes each, %d ns a check of a token with 13 names%n",
        set.size(), bytes, nanos);

    assertThat(set.size()).isEqualTo(ENTRIES);
    assertThat(bytes).isLessThanOrEqualTo(100);
  }

  private String id(String prefix) {
    byte[] bytes = new byte[16];
    ids.nextBytes(bytes);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private RevocationEntry entry(int i) {
    boolean ofToken = i % 2 == 0;
    return new RevocationEntry(
        orgs.get(i % orgs.size()),
        ofToken ? RevocationKind.TOKEN : RevocationKind.SESSION,
        id(ofToken ? "tok_" : "sess_"),
        i,
        false,
        LATER);
  }

  private List<RevocationSubject> subjects() {
    Random random = new Random(1);
    List<RevocationSubject> subjects = new ArrayList<>();
    for (int i = 0; i < SUBJECTS; i++) {
      String org = orgs.get(random.nextInt(orgs.size()));
      List<Name> names = new ArrayList<>();
      names.add(new Name(RevocationKind.TOKEN, id("tok_")));
      names.add(new Name(RevocationKind.SESSION, id("sess_")));
      names.add(new Name(RevocationKind.ORGANIZATION, org));
      names.add(new Name(RevocationKind.KEY, "kid"));
      names.add(new Name(RevocationKind.WORKSPACE, "ws_prod"));
      for (String person : List.of("user_jane", id("agent_"))) {
        names.add(new Name(RevocationKind.IDENTITY, person));
        names.add(new Name(RevocationKind.SPONSOR, person));
      }
      String key = id("ak_");
      names.add(new Name(RevocationKind.TOKEN, key));
      names.add(new Name(RevocationKind.PARENT, key));
      names.add(new Name(RevocationKind.CREDENTIAL, key));
      subjects.add(new RevocationSubject(org, names, 0));
    }
    return subjects;
  }

  private static long nanosPerCheck(RevocationSet set, List<RevocationSubject> subjects) {
    long start = System.nanoTime();
    int matched = 0;
    for (RevocationSubject subject : subjects) {
      matched += set.match(subject).isPresent() ? 1 : 0;
    }
    long nanos = (System.nanoTime() - start) / subjects.size();
    assertThat(matched).isZero();
    return nanos;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
