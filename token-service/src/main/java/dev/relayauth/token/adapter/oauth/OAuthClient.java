package dev.relayauth.token.adapter.oauth;

import dev.relayauth.token.domain.issuing.Credential;
import java.util.List;
import java.util.function.Supplier;

/**
 * A client that has proved who it is: an identity.
 *
 * @param id the identity's id
 * @param sponsorChain who answers for it, first the human, last itself
 * @param credentialId the API key or registered key by which it did
 * @param credential what that stands for when it issues; refused once it is revoked
 */
record OAuthClient(
    String org,
    String id,
    List<String> sponsorChain,
    String credentialId,
    String method,
    Supplier<Credential> credential) {}
