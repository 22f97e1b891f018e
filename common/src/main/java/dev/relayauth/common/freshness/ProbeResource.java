package dev.relayauth.common.freshness;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.Internal;
import dev.relayauth.common.outbox.FeedHeads;
import io.quarkus.arc.All;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;

/** Answers the probes of readers of this service's feeds. */
@Path("/internal/v1/probes")
public final class ProbeResource {
  private final RelayAuthConfig config;
  private final FeedHeads heads;
  private final List<ProbeListener> listeners;

  ProbeResource(RelayAuthConfig config, FeedHeads heads, @All List<ProbeListener> listeners) {
    this.config = config;
    this.heads = heads;
    this.listeners = listeners;
  }

  /**
   * Tells the listeners, then reads the highest committed sequence. The order is what makes it
   * sound.
   */
  @POST
  @Internal
  @RunOnVirtualThread
  public Probe.Echo answer(Probe probe) {
    boolean own = FeedOwners.ownerOf(probe.topic()).filter(config.service()::equals).isPresent();
    if (!own) {
      throw new RefusedException(ErrorCode.NOT_FOUND, "this service doesn't own that feed");
    }
    listeners.forEach(listener -> listener.onProbe(probe));
    return new Probe.Echo(heads.read(probe.topic()));
  }
}
