package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.policy.adapter.budget.Spending;
import dev.relayauth.policy.domain.budget.Amounts;
import dev.relayauth.policy.domain.budget.Cap;
import dev.relayauth.policy.domain.budget.Charge;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What budgets said to a decision, for its client and for the audit trail. */
final class SpendingJson {
  private SpendingJson() {}

  /** Writes the member {@code budget}. */
  static void write(JsonGenerator json, @Nullable Spending spending) throws IOException {
    if (spending == null || (spending.rooms().isEmpty() && spending.reservation() == null)) {
      return;
    }
    json.writeObjectFieldStart("budget");
    long money = tightest(spending, Cap.Unit.MONEY);
    long actions = tightest(spending, Cap.Unit.ACTIONS);
    if (money != Cap.NO_LIMIT) {
      json.writeNumberField("remaining", Amounts.major(money));
      json.writeStringField("currency", spending.budgets().currency());
    } else if (actions != Cap.NO_LIMIT) {
      json.writeNumberField("remaining", actions);
    }
    if (actions != Cap.NO_LIMIT) {
      json.writeNumberField("remainingActions", actions);
    }
    if (spending.reservation() != null) {
      json.writeStringField("reservation", spending.reservation());
    }
    if (spending.refused() != null) {
      write(json, spending.refused());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Charge.Refused refused) throws IOException {
    Cap cap = refused.cap();
    if (refused.resets().isBefore(Instant.MAX)) {
      json.writeStringField("resetAt", refused.resets().toString());
    }
    json.writeObjectFieldStart("exceeded");
    json.writeStringField("ownerKind", cap.owner().kind().name());
    json.writeStringField("ownerId", cap.owner().id());
    json.writeStringField("meter", cap.meter());
    switch (cap.unit()) {
      case MONEY -> json.writeNumberField("limit", Amounts.major(cap.limit()));
      case ACTIONS -> json.writeNumberField("limit", cap.limit());
    }
    json.writeEndObject();
  }

  private static long tightest(Spending spending, Cap.Unit unit) {
    long left = Cap.NO_LIMIT;
    for (Charge.Room room : spending.rooms()) {
      if (room.cap().unit() == unit && room.cap().limit() < Cap.NO_LIMIT) {
        left = Math.min(left, room.left());
      }
    }
    return left;
  }

  /** The record with what was spent, or of which cap there was too little. */
  static AuditRecord describe(AuditRecord plain, @Nullable Spending spending) {
    if (spending == null || (spending.cost() == 0 && spending.refused() == null)) {
      return plain;
    }
    Map<String, String> metadata = new HashMap<>(plain.metadata());
    if (spending.cost() > 0) {
      metadata.put("cost", Amounts.major(spending.cost()).toPlainString());
      metadata.put("currency", spending.budgets().currency());
    }
    if (spending.reservation() != null) {
      metadata.put("reservationId", spending.reservation());
    }
    if (spending.refused() != null) {
      metadata.put("exceeded", spending.refused().cap().key());
    }
    return with(plain, metadata);
  }

  private static AuditRecord with(AuditRecord plain, Map<String, String> metadata) {
    return new AuditRecord(
        plain.id(),
        plain.action(),
        plain.identityId(),
        plain.orgId(),
        plain.workspaceId(),
        plain.plane(),
        plain.resource(),
        plain.result(),
        plain.sponsorId(),
        plain.sponsorChain(),
        metadata,
        plain.ip(),
        plain.userAgent(),
        plain.requestId(),
        plain.traceId(),
        plain.tokenId(),
        plain.timestamp());
  }
}
