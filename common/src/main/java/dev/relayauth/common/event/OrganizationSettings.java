package dev.relayauth.common.event;

import org.jspecify.annotations.Nullable;

/**
 * What an organisation may set for itself; a missing value means the deployment's default.
 *
 * @param accessTokenTtlSeconds the default life of an access token
 * @param maxAccessTokenTtlSeconds the longest life of an access token
 * @param refreshTokenTtlSeconds the default life of a refresh token
 * @param auditRetentionDays how long audit records are kept, 1 to 3650
 * @param auditMode what a permit waits for; {@code buffered} when missing
 * @param identityCreationsPerMinute the rate limit on creating identities
 * @param statusLists whether each access token names its place in a status list
 * @param approvalsRequireSignIn whether approvals are answered only by people who signed in through
 *     a trusted issuer, by a token that no API key has issued
 */
public record OrganizationSettings(
    @Nullable Long accessTokenTtlSeconds,
    @Nullable Long maxAccessTokenTtlSeconds,
    @Nullable Long refreshTokenTtlSeconds,
    @Nullable Integer auditRetentionDays,
    @Nullable AuditMode auditMode,
    @Nullable Integer identityCreationsPerMinute,
    @Nullable Boolean statusLists,
    @Nullable Boolean approvalsRequireSignIn) {

  /** The deployment's defaults. */
  public static final OrganizationSettings DEFAULTS =
      new OrganizationSettings(null, null, null, null, null, null, null, null);

  /** What a permit waits for; spelled as on the wire. */
  public enum AuditMode {
    /** That its record has been taken into the buffer. */
    buffered,
    /** That the broker has its record. */
    strict
  }
}
