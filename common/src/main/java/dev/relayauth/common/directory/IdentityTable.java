package dev.relayauth.common.directory;

import dev.relayauth.common.event.IdentityState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The identities of each organisation in the order of their ids, deleted ones included. The newest
 * revision of each counts, whatever the order in which they come. One thread writes, any number
 * read.
 */
public final class IdentityTable {
  private final Map<String, ConcurrentNavigableMap<String, PackedIdentity>> byOrg =
      new ConcurrentHashMap<>();

  /** Puts a state there; false when a newer one is there already. */
  public boolean put(IdentityState state) {
    PackedIdentity added = new PackedIdentity(state);
    return added == of(state.orgId()).merge(state.id(), added, IdentityTable::newer);
  }

  /** Takes the identity of that Kafka key away, and returns what it was. */
  public Optional<IdentityState> remove(String key) {
    String org = key.substring(0, key.indexOf('/'));
    String id = key.substring(key.lastIndexOf('/') + 1);
    return Optional.ofNullable(of(org).remove(id)).map(packed -> packed.unpack(org, id));
  }

  /** The identity as it came, one that says it is deleted included. */
  public Optional<PackedIdentity> find(String org, String id) {
    ConcurrentNavigableMap<String, PackedIdentity> ids = byOrg.get(org);
    return ids == null ? Optional.empty() : Optional.ofNullable(ids.get(id));
  }

  /** At most {@code limit} ids that come after {@code after}, in order, deleted ones left out. */
  public List<String> idsAfter(String org, String after, int limit) {
    List<String> ids = new ArrayList<>();
    ConcurrentNavigableMap<String, PackedIdentity> known = byOrg.get(org);
    if (known == null) {
      return ids;
    }
    for (Map.Entry<String, PackedIdentity> each : known.tailMap(after, false).entrySet()) {
      if (each.getValue().status() != IdentityState.Status.deleted) {
        ids.add(each.getKey());
      }
      if (ids.size() == limit) {
        break;
      }
    }
    return ids;
  }

  private ConcurrentNavigableMap<String, PackedIdentity> of(String org) {
    return byOrg.computeIfAbsent(org, name -> new ConcurrentSkipListMap<>());
  }

  private static PackedIdentity newer(PackedIdentity known, PackedIdentity added) {
    return added.revision() >= known.revision() ? added : known;
  }
}
