package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.Written;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates an identity once for each {@code Idempotency-Key}: the same request again within 24 hours
 * is answered with the same identity, another request under the key is a conflict.
 */
@Singleton
public final class IdempotentCreation {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int MAX_KEY = 200;

  private final IdentityAdministration identities;
  private final IdentityStore store;
  private final Escalation escalation;

  IdempotentCreation(
      IdentityAdministration identities, IdentityStore store, Escalation escalation) {
    this.identities = identities;
    this.store = store;
    this.escalation = escalation;
  }

  private record Known(String requestHash, String identityId) {}

  /** Creates the identity, or finds the one that this key has created. */
  public Written create(IdentityDraft draft, @Nullable String key, CurrentRequest request) {
    if (key == null) {
      return identities.create(draft, request);
    }
    if (key.isBlank() || key.length() > MAX_KEY) {
      throw new RefusedException(
          ErrorCode.VALIDATION_FAILED, "Idempotency-Key must have 1 to 200 characters");
    }
    String hash = ApiKeyFormat.hash(new String(Json.write(draft), StandardCharsets.UTF_8));
    Transactions.Committed<View> committed =
        escalation.guard(request, tx -> createOnce(tx, draft, key, hash, request));
    return new Written(committed.value(), committed.sequence(), 0);
  }

  private View createOnce(
      Transaction tx, IdentityDraft draft, String key, String hash, CurrentRequest request)
      throws SQLException {
    String org = request.tenant().org();
    // Two requests with one key take turns.
    tx.query("select pg_advisory_xact_lock(hashtextextended(?, 1))", row -> 1, org + "/" + key);
    Optional<Known> known =
        tx.first(
            """
            select request_hash, identity_id from idempotent_answer
             where org_id = ? and key = ? and created_at > ?
            """,
            row -> new Known(row.getString(1), row.getString(2)),
            org,
            key,
            tx.clock().instant().minus(KEPT));
    if (known.isPresent()) {
      return again(tx, org, known.get(), hash);
    }
    View created = identities.create(tx, draft, request);
    tx.update(
        """
        insert into idempotent_answer values (?, ?, ?, ?, ?)
        on conflict (org_id, key) do update set request_hash = excluded.request_hash,
           identity_id = excluded.identity_id, created_at = excluded.created_at
        """,
        org,
        key,
        hash,
        created.state().id(),
        tx.clock().instant());
    return created;
  }

  private View again(Transaction tx, String org, Known known, String hash) throws SQLException {
    if (!known.requestHash.equals(hash)) {
      throw new RefusedException(
          ErrorCode.CONFLICT, "the Idempotency-Key belongs to another request");
    }
    return identities.view(store.require(tx, org, known.identityId));
  }
}
