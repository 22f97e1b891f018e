package dev.relayauth.audit.domain.statistics;

/**
 * Figures of an organisation since its first record, and its agents as they stand.
 *
 * @param scopeChecks decisions and refusals for want of a scope
 * @param scopeDenials those of them that were denied
 */
public record Statistics(
    long tokensIssued,
    long tokensRevoked,
    long scopeChecks,
    long scopeDenials,
    long activeIdentities,
    long suspendedIdentities) {}
