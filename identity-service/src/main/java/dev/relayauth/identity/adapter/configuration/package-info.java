/** The declarative configuration: one YAML that a repository owns. */
@NullMarked
package dev.relayauth.identity.adapter.configuration;

import org.jspecify.annotations.NullMarked;
