/** Configuration that each service reads. */
@NullMarked
package dev.relayauth.common.config;

import org.jspecify.annotations.NullMarked;
