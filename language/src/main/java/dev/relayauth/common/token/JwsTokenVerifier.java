package dev.relayauth.common.token;

import dev.relayauth.common.scope.ScopeSet;
import dev.relayauth.common.token.Authentication.Authentic;
import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Reason;
import dev.relayauth.common.token.Verification.Valid;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies a token from scratch, by its signature. */
public final class JwsTokenVerifier implements TokenVerifier {
  /** The class of a workspace token's offspring is written before its JWT, and within it. */
  private static final Map<String, String> CLASSES =
      Map.of("relay_ag_", "agent", "relay_pa_", "path");

  static final int PREFIX_LENGTH = 9;
  private static final Set<JwtType> ACCEPTED = Set.of(JwtType.JWT, JwtType.ACCESS_TOKEN);

  private final Authenticator authenticator;
  private final ClaimsCheck check;

  public JwsTokenVerifier(PublicKeys keys, CryptoProvider crypto, InstantSource clock) {
    this.authenticator = new Authenticator(keys, crypto, ACCEPTED);
    this.check = new ClaimsCheck(clock);
  }

  @Override
  public Verification verify(String compact, Expectations expected) {
    Authentication found = authenticate(compact);
    return found instanceof Authentic authentic
        ? check.apply(read(authentic, compact), expected)
        : (Invalid) found;
  }

  Authentication authenticate(String compact) {
    return authenticator.authenticate(withoutPrefix(compact));
  }

  private static String withoutPrefix(String compact) {
    return prefixClass(compact) == null ? compact : compact.substring(PREFIX_LENGTH);
  }

  private static @Nullable String prefixClass(String compact) {
    return compact.length() > PREFIX_LENGTH
        ? CLASSES.get(compact.substring(0, PREFIX_LENGTH))
        : null;
  }

  /** Valid as far as the signed text goes: place and moment are for {@link ClaimsCheck}. */
  static Verification read(Authentic authentic, String compact) {
    try {
      Claims claims = ClaimsJson.read(authentic.jws().payload());
      String presentedAs = prefixClass(compact);
      if (presentedAs != null && !presentedAs.equals(claims.tokenClass())) {
        return new Invalid(Reason.TYPE, "the token was not issued behind that prefix");
      }
      return new Valid(
          claims,
          ScopeSet.lenient(claims.scopes()),
          authentic.key().kid(),
          authentic.type(),
          authentic.jws().payloadText());
    } catch (InvalidClaimsException e) {
      return new Invalid(Reason.CLAIMS, String.valueOf(e.getMessage()));
    }
  }
}
