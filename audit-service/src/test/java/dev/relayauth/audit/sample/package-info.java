/** A consumer that is not ours: it knows the AsyncAPI document, the schemas, and nothing else. */
@NullMarked
package dev.relayauth.audit.sample;

import org.jspecify.annotations.NullMarked;
