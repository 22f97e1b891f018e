package dev.relayauth.common.token;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects claims; {@link #build()} refuses when a required one is missing. */
public final class ClaimsBuilder {
  private @Nullable String iss;
  private @Nullable String sub;
  private @Nullable String jti;
  private @Nullable String clientId;
  private @Nullable String org;
  private @Nullable String sid;
  private @Nullable String tokenType = Claims.ACCESS;
  private @Nullable String sponsorId;
  private @Nullable List<String> aud;
  private @Nullable List<String> scopes;
  private @Nullable List<String> sponsorChain;
  private List<String> lineage = List.of();
  private @Nullable Long exp;
  private @Nullable Long iat;
  private @Nullable Long nbf;
  private @Nullable Long rev;
  private @Nullable String wks;
  private @Nullable Actor act;
  private @Nullable String parentTokenId;
  private @Nullable TokenBudget budget;
  private @Nullable String jkt;
  private @Nullable String tokenClass;
  private @Nullable StatusReference status;
  private Map<String, String> meta = Map.of();
  private List<String> mayAct = List.of();

  ClaimsBuilder() {}

  ClaimsBuilder(Claims claims) {
    iss = claims.iss();
    sub = claims.sub();
    jti = claims.jti();
    clientId = claims.clientId();
    org = claims.org();
    sid = claims.sid();
    tokenType = claims.tokenType();
    sponsorId = claims.sponsorId();
    aud = claims.aud();
    scopes = claims.scopes();
    sponsorChain = claims.sponsorChain();
    lineage = claims.lineage();
    exp = claims.exp();
    iat = claims.iat();
    nbf = claims.nbf();
    rev = claims.rev();
    wks = claims.wks();
    act = claims.act();
    parentTokenId = claims.parentTokenId();
    budget = claims.budget();
    jkt = claims.jkt();
    tokenClass = claims.tokenClass();
    status = claims.status();
    meta = claims.meta();
    mayAct = claims.mayAct();
  }

  public ClaimsBuilder iss(String value) {
    iss = value;
    return this;
  }

  public ClaimsBuilder sub(String value) {
    sub = value;
    return this;
  }

  public ClaimsBuilder jti(String value) {
    jti = value;
    return this;
  }

  public ClaimsBuilder clientId(String value) {
    clientId = value;
    return this;
  }

  public ClaimsBuilder org(String value) {
    org = value;
    return this;
  }

  public ClaimsBuilder sid(String value) {
    sid = value;
    return this;
  }

  public ClaimsBuilder tokenType(String value) {
    tokenType = value;
    return this;
  }

  public ClaimsBuilder sponsorId(String value) {
    sponsorId = value;
    return this;
  }

  public ClaimsBuilder aud(List<String> value) {
    aud = value;
    return this;
  }

  public ClaimsBuilder scopes(List<String> value) {
    scopes = value;
    return this;
  }

  public ClaimsBuilder sponsorChain(List<String> value) {
    sponsorChain = value;
    return this;
  }

  public ClaimsBuilder lineage(List<String> value) {
    lineage = value;
    return this;
  }

  public ClaimsBuilder exp(long value) {
    exp = value;
    return this;
  }

  public ClaimsBuilder iat(long value) {
    iat = value;
    return this;
  }

  public ClaimsBuilder nbf(long value) {
    nbf = value;
    return this;
  }

  public ClaimsBuilder rev(long value) {
    rev = value;
    return this;
  }

  public ClaimsBuilder wks(@Nullable String value) {
    wks = value;
    return this;
  }

  public ClaimsBuilder act(@Nullable Actor value) {
    act = value;
    return this;
  }

  public ClaimsBuilder parentTokenId(@Nullable String value) {
    parentTokenId = value;
    return this;
  }

  public ClaimsBuilder budget(@Nullable TokenBudget value) {
    budget = value;
    return this;
  }

  public ClaimsBuilder jkt(@Nullable String value) {
    jkt = value;
    return this;
  }

  public ClaimsBuilder tokenClass(@Nullable String value) {
    tokenClass = value;
    return this;
  }

  public ClaimsBuilder status(@Nullable StatusReference value) {
    status = value;
    return this;
  }

  public ClaimsBuilder meta(Map<String, String> value) {
    meta = value;
    return this;
  }

  public ClaimsBuilder mayAct(List<String> value) {
    mayAct = value;
    return this;
  }

  /**
   * The claims.
   *
   * @throws IllegalArgumentException when a required claim was not set, or the chain is wrong
   */
  public Claims build() {
    return new Claims(
        required("iss", iss),
        required("sub", sub),
        required("aud", aud),
        required("exp", exp),
        required("iat", iat),
        required("nbf", nbf),
        required("jti", jti),
        required("client_id", clientId),
        required("scopes", scopes),
        required("org", org),
        wks,
        required("sid", sid),
        required("token_type", tokenType),
        required("sponsorId", sponsorId),
        required("sponsorChain", sponsorChain),
        act,
        parentTokenId,
        lineage,
        required("rev", rev),
        budget,
        meta,
        mayAct,
        jkt,
        tokenClass,
        status);
  }

  private static <T> T required(String claim, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("claim " + claim + " is missing");
    }
    return value;
  }
}
