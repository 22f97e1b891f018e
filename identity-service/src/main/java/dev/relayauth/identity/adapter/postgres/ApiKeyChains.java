package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.outbox.Transactions;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Gives keys from before chains were stored the chain of their identity, and publishes them with
 * it: only so does every service refuse them when somebody above the identity falls.
 */
@Singleton
public final class ApiKeyChains {
  private static final int CHUNK = 500;

  private final Transactions transactions;
  private final ApiKeyStore store;
  private final Publication publication;

  ApiKeyChains(Transactions transactions, ApiKeyStore store, Publication publication) {
    this.transactions = transactions;
    this.store = store;
    this.publication = publication;
  }

  void start(@Observes StartupEvent event) {
    while (traceSome() == CHUNK) {
      // The next ones.
    }
  }

  /** Traces as many as one transaction takes, and returns how many those were. */
  public int traceSome() {
    return transactions
        .write(
            tx -> {
              List<ApiKeyState> traced = store.trace(tx, CHUNK);
              for (ApiKeyState key : traced) {
                publication.publish(
                    tx,
                    EntityKind.API_KEY,
                    "updated",
                    key.orgId(),
                    key.id(),
                    (String) null,
                    key::at);
              }
              return traced.size();
            })
        .value();
  }
}
