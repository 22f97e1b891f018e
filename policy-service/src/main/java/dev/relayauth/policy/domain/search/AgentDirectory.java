package dev.relayauth.policy.domain.search;

import dev.relayauth.policy.domain.decision.Agent;
import java.util.List;
import java.util.Optional;

/** The identities of each organisation, as this replica knows them. */
public interface AgentDirectory {
  /** The metadata member that holds the name a peer has for an identity. */
  String EXTERNAL_ID = "externalId";

  /**
   * The identity after its ancestors, the topmost agent first; empty when one of them isn't known.
   */
  Optional<List<Agent>> chain(String org, String id);

  /** The id of the one identity that a peer calls so; empty when none or several are. */
  Optional<String> byExternalId(String org, String externalId);

  /** At most {@code limit} ids that come after {@code after}, in order, deleted ones left out. */
  List<String> idsAfter(String org, String after, int limit);
}
