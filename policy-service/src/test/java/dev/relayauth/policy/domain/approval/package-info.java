/** Tests of approvals. */
@org.jspecify.annotations.NullUnmarked
package dev.relayauth.policy.domain.approval;
