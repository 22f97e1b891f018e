/** An outside consumer of the audit topic. */
@NullMarked
package dev.relayauth.examples.audit;

import org.jspecify.annotations.NullMarked;
