package dev.relayauth.audit.domain.activity;

import java.util.List;
import java.util.Optional;

/** The agents of every organisation. */
public interface Agents {
  /** An agent of an organisation, deleted ones too. May block when it is very new. */
  Optional<Agent> find(String org, String id);

  /** What was made by an agent, by name. */
  List<Agent> children(String org, String id);

  /** How many agents of an organisation have that status. */
  long count(String org, String status);
}
