package dev.relayauth.audit.domain.activity;

import java.math.BigDecimal;

/**
 * What an agent has used.
 *
 * @param actionsThisHour allowed decisions of the last sixty minutes
 * @param costToday in major units, since midnight UTC
 */
public record Usage(long actionsThisHour, BigDecimal costToday) {}
