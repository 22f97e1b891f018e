@NullMarked
package dev.relayauth.token.adapter.oauth;

import org.jspecify.annotations.NullMarked;
