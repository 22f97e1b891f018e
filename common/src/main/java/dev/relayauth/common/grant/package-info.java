/** What an identity holds, once every ancestor has had its say. */
@NullMarked
package dev.relayauth.common.grant;

import org.jspecify.annotations.NullMarked;
