/** Tests of what stands between the routes and the domain. */
@org.jspecify.annotations.NullMarked
package dev.relayauth.token.adapter.http;
