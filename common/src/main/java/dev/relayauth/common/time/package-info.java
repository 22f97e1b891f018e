/** Times as conditions of policies write them. */
@NullMarked
package dev.relayauth.common.time;

import org.jspecify.annotations.NullMarked;
