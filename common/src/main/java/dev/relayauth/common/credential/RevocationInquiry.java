package dev.relayauth.common.credential;

import dev.relayauth.common.internal.InternalClient;
import dev.relayauth.common.internal.ServiceUnavailableException;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationSubject;
import dev.relayauth.common.token.Verification;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the revocation service whether a token is revoked, for a replica that can't know. */
@Singleton
public final class RevocationInquiry {
  /** Where it is asked. */
  public static final String PATH = "/internal/v1/revocations/inquiry";

  private final InternalClient client;

  RevocationInquiry(InternalClient client) {
    this.client = client;
  }

  /** A name of the token. */
  public record Name(String kind, String id) {}

  /** The token, by all its names, and how far its issuer was. */
  public record Question(String orgId, List<Name> names, long rev) {}

  /** Whether an entry kills it. */
  public record Answer(boolean revoked) {}

  /** Whether an entry that is committed kills the token; fails when nobody answers in time. */
  CompletableFuture<Boolean> isRevoked(Verification.Valid token) {
    List<Name> names =
        RevocationSubject.of(token).names().stream()
            .map(name -> new Name(name.kind().wireName(), name.id()))
            .toList();
    Question question = new Question(token.claims().org(), names, token.claims().rev());
    return client
        .post("revocation", PATH, question)
        .thenApply(
            reply -> {
              if (!reply.isSuccess()) {
                throw new ServiceUnavailableException("revocation answered " + reply.status());
              }
              return Json.read(reply.body(), Answer.class).revoked();
            });
  }
}
