/** The decision point over gRPC, for those who speak it: {@code relayauth.v1} and Envoy. */
@NullMarked
package dev.relayauth.policy.adapter.grpc;

import org.jspecify.annotations.NullMarked;
