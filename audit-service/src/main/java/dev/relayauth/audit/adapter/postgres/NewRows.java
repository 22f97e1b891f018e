package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.epoch.EpochReport;
import dev.relayauth.audit.domain.log.LogSink;
import dev.relayauth.audit.domain.log.Received;
import dev.relayauth.audit.domain.tree.LeafContent;
import dev.relayauth.audit.domain.tree.TreeHasher;
import dev.relayauth.common.event.AuditRecord;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Records made ready for the store before any lock is held: hashed and encoded. */
final class NewRows implements LogSink.Prepared {
  private static final int SALT = 16;

  private final List<Received> received;
  private final List<EpochReport> reports;
  private final List<AuditRecord> records;
  private final List<byte[]> leaves;
  private final CopyRows copy;

  private NewRows(List<Received> received, List<EpochReport> reports, SecureRandom random) {
    this.received = received;
    this.reports = reports;
    this.records = received.stream().map(Received::content).toList();
    this.leaves = new ArrayList<>(records.size());
    this.copy = new CopyRows(records.size());
    TreeHasher hasher = new TreeHasher();
    byte[] salts = new byte[records.size() * SALT];
    random.nextBytes(salts);
    for (int i = 0; i < records.size(); i++) {
      byte[] salt = Arrays.copyOfRange(salts, i * SALT, (i + 1) * SALT);
      leaves.add(hasher.leaf(salt, LeafContent.of(records.get(i))));
      copy.add(records.get(i), salt);
    }
  }

  /** Of records whose instants the store may have to cut to microseconds. */
  static NewRows of(List<Received> records, List<EpochReport> reports, SecureRandom random) {
    return new NewRows(records.stream().map(NewRows::storable).toList(), reports, random);
  }

  /** Those of them that are to be kept, made ready again. */
  NewRows only(Predicate<AuditRecord> kept, SecureRandom random) {
    return new NewRows(
        received.stream().filter(row -> kept.test(row.content())).toList(), reports, random);
  }

  /** What they say of epochs. */
  EpochTally epochs() {
    EpochTally tally = new EpochTally();
    received.forEach(tally::count);
    reports.forEach(tally::report);
    return tally;
  }

  @Override
  public int count() {
    return records.size();
  }

  List<AuditRecord> records() {
    return records;
  }

  /** The days they fall on. */
  Set<LocalDate> days() {
    Set<LocalDate> days = new HashSet<>();
    records.forEach(row -> days.add(AuditDays.of(row.timestamp())));
    return days;
  }

  CopyRows copy() {
    return copy;
  }

  /** The leaves of each organisation, in order. */
  Map<String, List<byte[]>> leavesByOrg() {
    Map<String, List<byte[]>> byOrg = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      byOrg.computeIfAbsent(records.get(i).orgId(), org -> new ArrayList<>()).add(leaves.get(i));
    }
    return byOrg;
  }

  /** Gives each row its place, {@code next} being the first free index of each organisation. */
  void number(Map<String, Long> next) {
    for (int i = 0; i < records.size(); i++) {
      long after = next.merge(records.get(i).orgId(), 1L, Long::sum);
      copy.index(i, after - 1);
    }
  }

  private static Received storable(Received row) {
    AuditRecord content = row.content();
    return content.timestamp().getNano() % 1_000 == 0 ? row : row.with(cut(content));
  }

  private static AuditRecord cut(AuditRecord row) {
    return new AuditRecord(
        row.id(),
        row.action(),
        row.identityId(),
        row.orgId(),
        row.workspaceId(),
        row.plane(),
        row.resource(),
        row.result(),
        row.sponsorId(),
        row.sponsorChain(),
        row.metadata(),
        row.ip(),
        row.userAgent(),
        row.requestId(),
        row.traceId(),
        row.tokenId(),
        row.timestamp().truncatedTo(ChronoUnit.MICROS));
  }
}
