package dev.relayauth.common.token;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The three header members we take. Any other refuses the token: a key or an address of one ({@code
 * jwk jku x5u x5c}) because keys come only from us, {@code crit} because we know no extension (RFC
 * 7515 §4.1.11), {@code cty} because we nest nothing.
 */
record JwsHeader(String alg, @Nullable String kid, @Nullable String typ) {
  static JwsHeader parse(byte[] json) throws StrictJson.Invalid {
    Members members = new Members();
    StrictJson.read(json, reader -> name -> members.read(reader, name));
    if (members.alg == null) {
      throw new StrictJson.Invalid("the header has no alg");
    }
    return new JwsHeader(members.alg, members.kid, members.typ);
  }

  private static final class Members {
    @Nullable String alg;
    @Nullable String kid;
    @Nullable String typ;

    void read(StrictJson json, String name) throws IOException {
      switch (name) {
        case "alg" -> alg = json.string(name);
        case "kid" -> kid = json.string(name);
        case "typ" -> typ = json.string(name);
        default -> throw new StrictJson.Invalid("the header has a member we don't take");
      }
    }
  }
}
