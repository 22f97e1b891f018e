/** The story of the project's public page, told from real calls. */
@NullMarked
package dev.relayauth.stack.demo;

import org.jspecify.annotations.NullMarked;
