package dev.relayauth.common.token;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a payload. */
final class ClaimsReader {
  private static final int MAX_AUDIENCES = 64;
  private static final int MAX_SCOPES = 1000;
  private static final int MAX_CHAIN = 16;
  private static final int MAX_META = 32;

  /** The largest integer all JSON readers agree on (RFC 8259 §6). */
  private static final long MAX_INTEGER = (1L << 53) - 1;

  private final StrictJson json;
  private final ClaimsBuilder claims = Claims.builder();
  private @Nullable String scope;
  private boolean typed;

  private ClaimsReader(StrictJson json) {
    this.json = json;
  }

  static Claims read(byte[] payload) throws StrictJson.Invalid {
    ClaimsReader[] reader = new ClaimsReader[1];
    StrictJson.read(
        payload,
        json -> {
          reader[0] = new ClaimsReader(json);
          return reader[0]::member;
        });
    return reader[0].finish();
  }

  private Claims finish() throws StrictJson.Invalid {
    if (!typed) {
      throw new StrictJson.Invalid("claim token_type is missing");
    }
    Claims read = claims.build();
    if (!read.scope().equals(scope)) {
      throw new StrictJson.Invalid("scope and scopes differ");
    }
    return read;
  }

  private void member(String name) throws IOException {
    switch (name) {
      case "iss" -> claims.iss(text(name));
      case "sub" -> claims.sub(text(name));
      case "aud" -> claims.aud(json.strings(name, MAX_AUDIENCES));
      case "exp" -> claims.exp(json.integer(name, StrictJson.MAX_TIME));
      case "iat" -> claims.iat(json.integer(name, StrictJson.MAX_TIME));
      case "nbf" -> claims.nbf(json.integer(name, StrictJson.MAX_TIME));
      case "jti" -> claims.jti(text(name));
      case "client_id" -> claims.clientId(text(name));
      case "scope" -> scope = json.string(name);
      case "scopes" -> claims.scopes(json.strings(name, MAX_SCOPES));
      case "token_type" -> tokenType(text(name));
      case "cnf" -> json.object(name, this::confirmation);
      case "status" -> json.object(name, this::status);
      default -> ownMember(name);
    }
  }

  private void ownMember(String name) throws IOException {
    switch (name) {
      case "org" -> claims.org(text(name));
      case "wks" -> claims.wks(text(name));
      case "sid" -> claims.sid(text(name));
      case "sponsorId" -> claims.sponsorId(text(name));
      case "sponsorChain" -> claims.sponsorChain(json.strings(name, MAX_CHAIN));
      case "act" -> claims.act(actor(name));
      case "may_act" -> claims.mayAct(mayAct(name));
      case "parentTokenId" -> claims.parentTokenId(text(name));
      case "lineage" -> claims.lineage(json.strings(name, Claims.MAX_LINEAGE));
      case "rev" -> claims.rev(json.integer(name, MAX_INTEGER));
      case "budget" -> claims.budget(budget(name));
      case "tokenClass" -> claims.tokenClass(text(name));
      case "meta" -> claims.meta(json.stringMap(name, MAX_META));
      default -> json.skip();
    }
  }

  private String text(String name) throws IOException {
    String value = json.string(name);
    if (value.isEmpty()) {
      throw new StrictJson.Invalid(name + " is empty");
    }
    return value;
  }

  private void tokenType(String value) {
    claims.tokenType(value);
    typed = true;
  }

  /** An unknown confirmation method can't be checked, so it must not be overlooked. */
  private void confirmation(String name) throws IOException {
    if (!name.equals("jkt")) {
      throw new StrictJson.Invalid("cnf holds an unknown method");
    }
    claims.jkt(text(name));
  }

  /** Other mechanisms than lists may stand beside them (draft-ietf-oauth-status-list §6.1). */
  private void status(String name) throws IOException {
    if (!name.equals("status_list")) {
      json.skip();
      return;
    }
    StatusMembers members = new StatusMembers();
    json.object(
        name,
        member -> {
          switch (member) {
            case "uri" -> members.uri = text(member);
            case "idx" -> members.idx = (int) json.integer(member, Integer.MAX_VALUE);
            default -> json.skip();
          }
        });
    if (members.uri == null || members.idx < 0) {
      throw new StrictJson.Invalid("status_list must have uri and idx");
    }
    claims.status(new StatusReference(members.uri, members.idx));
  }

  private static final class StatusMembers {
    @Nullable String uri;
    int idx = -1;
  }

  private Actor actor(String what) throws IOException {
    ActorMembers members = new ActorMembers();
    json.object(
        what,
        name -> {
          switch (name) {
            case "sub" -> members.sub = text(name);
            case "sponsorChain" -> members.chain = json.strings(name, MAX_CHAIN);
            case "act" -> members.act = actor(name);
            default -> json.skip();
          }
        });
    if (members.sub == null) {
      throw new StrictJson.Invalid("act has no sub");
    }
    return new Actor(members.sub, members.chain, members.act);
  }

  /** A limit that can't be read in full must not be overlooked. */
  private List<String> mayAct(String what) throws IOException {
    List<String> subjects = new ArrayList<>();
    json.object(
        what,
        name -> {
          if (!name.equals("sub")) {
            throw new StrictJson.Invalid("may_act holds more than sub");
          }
          subjects.addAll(json.textOrTexts(name, MAX_CHAIN));
        });
    if (subjects.isEmpty()) {
      throw new StrictJson.Invalid("may_act names nobody");
    }
    return subjects;
  }

  private static final class ActorMembers {
    @Nullable String sub;
    List<String> chain = List.of();
    @Nullable Actor act;
  }

  private TokenBudget budget(String what) throws IOException {
    BudgetMembers members = new BudgetMembers();
    json.object(
        what,
        name -> {
          switch (name) {
            case "maxActionsPerHour" -> members.actions = json.integer(name, MAX_INTEGER);
            case "maxCostPerDay" -> members.cost = json.decimal(name);
            case "remaining" -> members.remaining = json.decimal(name);
            default -> json.skip();
          }
        });
    return new TokenBudget(members.actions, members.cost, members.remaining);
  }

  private static final class BudgetMembers {
    @Nullable Long actions;
    @Nullable BigDecimal cost;
    @Nullable BigDecimal remaining;
  }
}
