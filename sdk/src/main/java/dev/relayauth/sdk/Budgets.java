package dev.relayauth.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.sdk.Transport.Call;
import java.math.BigDecimal;
import java.util.Map;

/** Limits, and money set aside before it is spent. */
public final class Budgets {
  private final Transport transport;

  Budgets(Transport transport) {
    this.transport = transport;
  }

  /** Limits and usage of an identity. */
  public JsonNode get(String identityId) {
    return Transport.await(transport.send(Call.get(budget(identityId)), JsonNode.class));
  }

  /** Sets the limits of an identity. */
  public JsonNode put(String identityId, Budget limits) {
    return Transport.await(transport.send(Call.put(budget(identityId), limits), JsonNode.class));
  }

  /**
   * Sets an amount aside.
   *
   * @param idempotencyKey repeated with the same key it is set aside once
   */
  public JsonNode reserve(
      String identityId, BigDecimal amount, String currency, String idempotencyKey) {
    Map<String, Object> body =
        Map.of("amount", amount, "currency", currency, "idempotencyKey", idempotencyKey);
    return Transport.await(
        transport.send(
            Call.post(reservations(identityId), body).with("Idempotency-Key", idempotencyKey),
            JsonNode.class));
  }

  /** Spends what was set aside, or less of it. */
  public JsonNode commit(String identityId, String reservation, BigDecimal amount) {
    return Transport.await(
        transport.send(
            Call.post(
                reservations(identityId) + "/" + Query.segment(reservation) + "/commit",
                Map.of("amount", amount)),
            JsonNode.class));
  }

  /** Gives back what was set aside. */
  public JsonNode voidReservation(String identityId, String reservation) {
    return Transport.await(
        transport.send(
            Call.post(
                reservations(identityId) + "/" + Query.segment(reservation) + "/void", Map.of()),
            JsonNode.class));
  }

  private static String budget(String identityId) {
    return "/v1/identities/" + Query.segment(identityId) + "/budget";
  }

  private static String reservations(String identityId) {
    return "/v1/budgets/" + Query.segment(identityId) + "/reservations";
  }
}
