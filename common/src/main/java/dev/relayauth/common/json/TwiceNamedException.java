package dev.relayauth.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

/** A member that a JSON object has in two spellings. */
public final class TwiceNamedException extends MismatchedInputException {
  private static final long serialVersionUID = 1L;

  TwiceNamedException(JsonParser json, String member) {
    super(json, "is there in two spellings: send one");
    prependPath(new Reference(null, member));
  }
}
