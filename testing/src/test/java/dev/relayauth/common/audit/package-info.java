/** Tests of how audit records are made. */
@NullMarked
package dev.relayauth.common.audit;

import org.jspecify.annotations.NullMarked;
