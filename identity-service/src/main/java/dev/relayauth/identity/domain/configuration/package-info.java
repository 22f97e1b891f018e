/** What a declarative configuration would change. */
@NullMarked
package dev.relayauth.identity.domain.configuration;

import org.jspecify.annotations.NullMarked;
