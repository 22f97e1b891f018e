@NullMarked
package dev.relayauth.audit.webhook;

import org.jspecify.annotations.NullMarked;
