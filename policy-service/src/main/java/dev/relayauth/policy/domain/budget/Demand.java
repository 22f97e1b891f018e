package dev.relayauth.policy.domain.budget;

/** What an action takes of one cap. */
public record Demand(Cap cap, long amount) {}
