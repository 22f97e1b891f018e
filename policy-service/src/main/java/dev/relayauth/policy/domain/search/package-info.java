/** Who may do what: questions about many decisions at once. All of them dry. */
@NullMarked
package dev.relayauth.policy.domain.search;

import org.jspecify.annotations.NullMarked;
