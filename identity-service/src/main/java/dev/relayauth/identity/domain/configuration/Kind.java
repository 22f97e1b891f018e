package dev.relayauth.identity.domain.configuration;

/** What a configuration may hold, in the order it is applied; spelled as on the wire. */
public enum Kind {
  sponsor,
  role,
  identity,
  budget,
  policy
}
