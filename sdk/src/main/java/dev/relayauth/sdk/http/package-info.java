/** What the SDK's clients share: answers of bounded size, in bounded time. */
@NullMarked
package dev.relayauth.sdk.http;

import org.jspecify.annotations.NullMarked;
