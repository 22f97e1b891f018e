package dev.relayauth.common.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.id.RandomIdSource;
import dev.relayauth.common.json.Json;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The parts that every service injects rather than reaches for: clock, identifiers, JSON. */
@Singleton
public final class FoundationProducers {
  /** The system clock. */
  @Produces
  @Singleton
  @DefaultBean
  InstantSource clock() {
    return InstantSource.system();
  }

  /** Random identifiers. */
  @Produces
  @Singleton
  @DefaultBean
  IdSource ids() {
    return new RandomIdSource();
  }

  /** The strict mapper, for HTTP bodies too. */
  @Produces
  @Singleton
  ObjectMapper mapper() {
    return Json.MAPPER;
  }
}
