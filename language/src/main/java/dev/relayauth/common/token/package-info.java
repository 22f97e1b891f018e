/**
 * Tokens: their claims, the keys that sign them, and their verification. No framework.
 *
 * <p>Algorithms are allow-listed, keys come only from a {@link PublicKeys}, and a refusal is a
 * value.
 */
@NullMarked
package dev.relayauth.common.token;

import org.jspecify.annotations.NullMarked;
