package dev.relayauth.identity.adapter.postgres;

import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.scope.InvalidScopeException;
import dev.relayauth.identity.adapter.postgres.Escalation.EscalationException;
import dev.relayauth.identity.adapter.postgres.IdentityAdministration.View;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Creates many identities: each by the rules of a single one, a few dozen in a transaction, with a
 * savepoint around each, so that one that is refused spoils no other.
 */
@Singleton
public final class BatchCreation {
  private static final int CHUNK = 50;

  private final Transactions transactions;
  private final IdentityAdministration identities;
  private final Escalation escalation;

  BatchCreation(
      Transactions transactions, IdentityAdministration identities, Escalation escalation) {
    this.transactions = transactions;
    this.identities = identities;
    this.escalation = escalation;
  }

  /** What became of one. */
  public sealed interface Outcome {
    /** It exists now. */
    record Created(View view) implements Outcome {}

    /** It was refused, as a single creation would have been. */
    record Refused(RefusedException refusal) implements Outcome {}
  }

  /** What became of each, in order, and the sequence of the last event; 0 when there was none. */
  public record Outcomes(List<Outcome> outcomes, long sequence) {}

  /** Creates what can be created. */
  public Outcomes create(List<IdentityDraft> drafts, CurrentRequest request) {
    List<Outcome> outcomes = new ArrayList<>(drafts.size());
    long sequence = 0;
    for (int from = 0; from < drafts.size(); from += CHUNK) {
      List<IdentityDraft> chunk = drafts.subList(from, Math.min(from + CHUNK, drafts.size()));
      var committed = transactions.write(tx -> createAll(tx, chunk, request));
      outcomes.addAll(committed.value());
      sequence = Math.max(sequence, committed.sequence());
    }
    return new Outcomes(outcomes, sequence);
  }

  private List<Outcome> createAll(
      Transaction tx, List<IdentityDraft> drafts, CurrentRequest request) throws SQLException {
    List<Outcome> outcomes = new ArrayList<>(drafts.size());
    for (IdentityDraft draft : drafts) {
      Savepoint before = tx.connection().setSavepoint();
      Outcome outcome = createOne(tx, draft, request);
      if (outcome instanceof Outcome.Refused) {
        tx.connection().rollback(before);
      }
      tx.connection().releaseSavepoint(before);
      outcomes.add(outcome);
    }
    return outcomes;
  }

  /** A refusal comes before the first event, so that none is left behind by the rollback. */
  private Outcome createOne(Transaction tx, IdentityDraft draft, CurrentRequest request)
      throws SQLException {
    try {
      return new Outcome.Created(identities.create(tx, draft, request));
    } catch (RefusedException refusal) {
      return new Outcome.Refused(refusal);
    } catch (EscalationException attempt) {
      escalation.record(tx, attempt, request);
      return new Outcome.Refused(attempt.refusal());
    } catch (InvalidScopeException invalid) {
      return new Outcome.Refused(
          new RefusedException(
              ErrorCode.INVALID_SCOPE,
              "the scope is not valid: " + invalid.reason(),
              Map.of("scope", invalid.scope(), "reason", invalid.reason())));
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith("22")) {
        throw e;
      }
      return new Outcome.Refused(
          new RefusedException(ErrorCode.VALIDATION_FAILED, "a value can't be stored"));
    }
  }
}
