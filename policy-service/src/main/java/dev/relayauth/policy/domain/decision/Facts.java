package dev.relayauth.policy.domain.decision;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What conditions look at.
 *
 * @param time when the action takes place
 * @param tokenAge how long ago the token was issued; null without a token
 */
record Facts(Agent agent, RequestContext context, Instant time, @Nullable Duration tokenAge) {
  /** The facts of a request whose subject is known. */
  static Facts of(DecisionRequest request, Instant now) {
    Instant said = request.context().time();
    Duration age =
        request.subject() instanceof AccessSubject.Bearer bearer
            ? Duration.between(Instant.ofEpochSecond(bearer.token().claims().iat()), now)
            : null;
    return new Facts(request.chain().getLast(), request.context(), said == null ? now : said, age);
  }
}
