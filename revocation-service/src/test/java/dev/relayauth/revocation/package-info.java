@NullMarked
package dev.relayauth.revocation;

import org.jspecify.annotations.NullMarked;
