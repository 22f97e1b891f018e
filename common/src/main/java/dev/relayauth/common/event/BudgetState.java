package dev.relayauth.common.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The budget of a workspace, a sponsor or an organisation in full. An identity's own is part of
 * {@link IdentityState}.
 *
 * @param ownerKind {@code organization}, {@code workspace} or {@code sponsor}
 * @param limits what all agents below may do together; {@code null} means no caps
 * @param agentDefaults what each agent right under a human may do that has no budget of its own
 * @param revision the sequence of the event that carries this state
 */
public record BudgetState(
    String orgId,
    String ownerKind,
    String ownerId,
    @Nullable BudgetLimits limits,
    @Nullable BudgetLimits agentDefaults,
    Instant updatedAt,
    long revision) {}
