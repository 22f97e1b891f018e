/** Who may be issued what: grants, lifetimes, audiences, and the token that results. */
@NullMarked
package dev.relayauth.token.domain.issuing;

import org.jspecify.annotations.NullMarked;
