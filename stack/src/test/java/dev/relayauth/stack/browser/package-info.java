/** A headless browser, driven by the DevTools protocol. */
@NullMarked
package dev.relayauth.stack.browser;

import org.jspecify.annotations.NullMarked;
