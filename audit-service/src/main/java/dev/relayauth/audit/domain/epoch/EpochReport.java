package dev.relayauth.audit.domain.epoch;

import dev.relayauth.common.event.AuditEpoch.Phase;
import java.time.Instant;

/**
 * What a node said of its epoch.
 *
 * @param records how many records it had taken
 */
public record EpochReport(EpochSource source, Phase phase, long records, Instant at) {}
