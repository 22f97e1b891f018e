/** What a budget may be, for every service that takes one. */
@NullMarked
package dev.relayauth.common.budget;

import org.jspecify.annotations.NullMarked;
