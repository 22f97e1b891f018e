package dev.relayauth.common.token;

import dev.relayauth.common.token.Authentication.Authentic;
import dev.relayauth.common.token.Verification.Invalid;
import dev.relayauth.common.token.Verification.Reason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies the tokens of our own services; a user's token is never one. */
public final class ServiceTokenVerifier {
  private final Authenticator authenticator;
  private final ClaimsCheck check;
  private final String audience;

  /**
   * A verifier for one callee.
   *
   * @param keys the services' own keys, each named as its service; never those of users' tokens
   * @param audience the service that is called
   */
  public ServiceTokenVerifier(
      PublicKeys keys, CryptoProvider crypto, String audience, InstantSource clock) {
    this.authenticator = new Authenticator(keys, crypto, Set.of(JwtType.SERVICE_TOKEN));
    this.check = new ClaimsCheck(clock);
    this.audience = audience;
  }

  /** Checks a token in full. Never throws for anything a sender chose. */
  public ServiceVerification verify(String compact) {
    Authentication found = authenticator.authenticate(compact);
    return found instanceof Authentic authentic ? verify(authentic) : (Invalid) found;
  }

  private ServiceVerification verify(Authentic authentic) {
    Members claims = new Members();
    try {
      StrictJson.read(authentic.jws().payload(), json -> name -> claims.read(json, name));
    } catch (StrictJson.Invalid e) {
      return new Invalid(Reason.CLAIMS, String.valueOf(e.getMessage()));
    }
    Optional<Invalid> refused = refuse(claims, authentic.key().kid());
    return refused.isPresent()
        ? refused.get()
        : new ServiceVerification.Valid(authentic.key().kid());
  }

  private Optional<Invalid> refuse(Members claims, String service) {
    if (!ServiceTokenSigner.ISSUER.equals(claims.iss)) {
      return Optional.of(new Invalid(Reason.ISSUER, "iss is not " + ServiceTokenSigner.ISSUER));
    }
    if (!service.equals(claims.sub)) {
      return Optional.of(new Invalid(Reason.CLAIMS, "sub is not the service whose key signed"));
    }
    if (!audience.equals(claims.aud)) {
      return Optional.of(new Invalid(Reason.AUDIENCE, "aud is not this service"));
    }
    if (claims.exp == null
        || claims.iat == null
        || claims.exp - claims.iat > ServiceTokenSigner.LIFETIME_SECONDS) {
      return Optional.of(new Invalid(Reason.CLAIMS, "exp is not within a minute of iat"));
    }
    return check.refuseTimes(claims.exp, claims.iat, claims.iat);
  }

  private static final class Members {
    @Nullable String iss;
    @Nullable String sub;
    @Nullable String aud;
    @Nullable Long exp;
    @Nullable Long iat;

    void read(StrictJson json, String name) throws IOException {
      switch (name) {
        case "iss" -> iss = json.string(name);
        case "sub" -> sub = json.string(name);
        case "aud" -> aud = json.string(name);
        case "exp" -> exp = json.integer(name, StrictJson.MAX_TIME);
        case "iat" -> iat = json.integer(name, StrictJson.MAX_TIME);
        default -> json.skip();
      }
    }
  }
}
