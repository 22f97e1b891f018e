package dev.relayauth.audit.adapter.http;

import dev.relayauth.audit.adapter.kafka.DeadLetterReplay;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.PlatformOnly;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.apache.kafka.common.KafkaException;

/** What couldn't be stored, of every tenant: the operator's. */
@Path("/v1/audit/dead-letters")
public final class DeadLetterResource {
  private final DeadLetterReplay replay;

  DeadLetterResource(DeadLetterReplay replay) {
    this.replay = replay;
  }

  /** Sends to the log again what can be read by now. */
  @POST
  @Path("/replay")
  @PlatformOnly
  @RunOnVirtualThread
  public DeadLetterReplay.Outcome replay() {
    try {
      return replay.run();
    } catch (KafkaException e) {
      throw new RefusedException(
          ErrorCode.STORAGE_UNAVAILABLE, "the broker is away; try again shortly");
    }
  }
}
