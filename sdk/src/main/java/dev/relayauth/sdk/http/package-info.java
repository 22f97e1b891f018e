/** What the SDK's clients share: answers of bounded size. */
@NullMarked
package dev.relayauth.sdk.http;

import org.jspecify.annotations.NullMarked;
