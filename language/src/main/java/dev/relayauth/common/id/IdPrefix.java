package dev.relayauth.common.id;

/** The kinds of identifier, each with the prefix that people see. */
public enum IdPrefix {
  ORGANIZATION("org_"),
  WORKSPACE("ws_"),
  SPONSOR("user_"),
  IDENTITY("agent_"),
  ROLE("role_"),
  POLICY("pol_"),
  TOKEN("tok_"),
  SESSION("sess_"),
  API_KEY("ak_"),
  AUDIT("aud_"),
  BUDGET("bud_"),
  DECISION("dec_"),
  REVOCATION("rev_"),
  WEBHOOK("wh_"),
  EVENT("evt_"),
  REQUEST("req_"),
  APPROVAL("apr_"),
  SIGNAL_STREAM("sig_");

  private final String text;

  IdPrefix(String text) {
    this.text = text;
  }

  /** The prefix with its underscore, such as {@code agent_}. */
  public String text() {
    return text;
  }
}
