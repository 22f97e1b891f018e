/** The scope language: its grammar, what one scope covers, and sets of scopes. No framework. */
@NullMarked
package dev.relayauth.common.scope;

import org.jspecify.annotations.NullMarked;
