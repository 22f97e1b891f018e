package dev.relayauth.policy.domain.budget;

/**
 * What an action takes of one cap.
 *
 * @param spender the identity that acts
 */
public record Demand(Cap cap, long amount, String spender) {}
