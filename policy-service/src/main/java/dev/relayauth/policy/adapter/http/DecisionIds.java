package dev.relayauth.policy.adapter.http;

import dev.relayauth.common.id.IdFormat;
import dev.relayauth.common.id.IdPrefix;
import java.util.Optional;

/**
 * How the id of a decision leads to the audit record that carries it: the record has the same
 * random part. Those of a batch share a record; each has its place in it as three more characters.
 */
public record DecisionIds(String random, int place) {
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final int RANDOM_LENGTH = 22;
  private static final int PLACE_LENGTH = 3;

  /** The place of a decision that has a record of its own. */
  static final int ALONE = -1;

  /** Reads an id; empty when it is none of ours. */
  static Optional<DecisionIds> read(String id) {
    if (!IdFormat.isValid(IdPrefix.DECISION, id)) {
      return Optional.empty();
    }
    String text = id.substring(IdPrefix.DECISION.text().length());
    return switch (text.length()) {
      case RANDOM_LENGTH -> Optional.of(new DecisionIds(text, ALONE));
      case RANDOM_LENGTH + PLACE_LENGTH ->
          Optional.of(
              new DecisionIds(
                  text.substring(0, RANDOM_LENGTH), place(text.substring(RANDOM_LENGTH))));
      default -> Optional.empty();
    };
  }

  private static int place(String digits) {
    int place = 0;
    for (int i = 0; i < PLACE_LENGTH; i++) {
      place = place * DIGITS.length() + DIGITS.indexOf(digits.charAt(i));
    }
    return place;
  }

  /** The id of the item at that place of the batch with the id {@code batch}. */
  public static String ofItem(String batch, int place) {
    int base = DIGITS.length();
    return batch
        + DIGITS.charAt(place / (base * base))
        + DIGITS.charAt(place / base % base)
        + DIGITS.charAt(place % base);
  }

  /** The id of the audit record. */
  String recordId() {
    return IdPrefix.AUDIT.text() + random;
  }
}
