package dev.relayauth.common.error;

/** Every error a client may meet: its stable slug, HTTP status and title. */
public enum ErrorCode {
  MISSING_AUTHORIZATION("missing_authorization", 401, "Credentials are missing"),
  INVALID_AUTHORIZATION("invalid_authorization", 401, "The credentials can't be read"),
  INVALID_TOKEN("invalid_token", 401, "The token is not valid"),
  INVALID_DPOP_PROOF("invalid_dpop_proof", 401, "The DPoP proof is not valid"),
  TOKEN_EXPIRED("token_expired", 401, "The token has expired"),
  TOKEN_REVOKED("token_revoked", 401, "The token has been revoked"),
  INVALID_API_KEY("invalid_api_key", 401, "The API key is not valid"),
  WORKSPACE_TOKEN_REQUIRED("workspace_token_required", 401, "A workspace token is required"),
  WORKSPACE_TOKEN_REVOKED("workspace_token_revoked", 401, "The workspace token has been revoked"),
  INSUFFICIENT_SCOPE("insufficient_scope", 403, "The credential lacks a scope"),
  SCOPE_ESCALATION("scope_escalation", 403, "Nobody grants what they lack"),
  IDENTITY_SUSPENDED("identity_suspended", 403, "The identity is suspended"),
  IDENTITY_RETIRED("identity_retired", 403, "The identity is retired"),
  HUMAN_REQUIRED("human_required", 403, "Only a human may do this"),
  ORG_MISMATCH("org_mismatch", 403, "The organisation is not the credential's"),
  BUILT_IN_ROLE_IMMUTABLE("built_in_role_immutable", 403, "Built-in roles can't be changed"),
  BUDGET_EXCEEDED("budget_exceeded", 403, "The budget is used up"),
  INVALID_SCOPE("invalid_scope", 400, "A scope is not valid"),
  INVALID_PATHS("invalid_paths", 400, "A path is not valid"),
  DELEGATION_DEPTH_EXCEEDED("delegation_depth_exceeded", 400, "The sponsor chain is too long"),
  VALIDATION_FAILED("validation_failed", 400, "The request is not valid"),
  IDENTITY_NOT_FOUND("identity_not_found", 404, "There is no such identity"),
  ROLE_NOT_FOUND("role_not_found", 404, "There is no such role"),
  POLICY_NOT_FOUND("policy_not_found", 404, "There is no such policy"),
  TOKEN_NOT_FOUND("token_not_found", 404, "There is no such token"),
  API_KEY_NOT_FOUND("api_key_not_found", 404, "There is no such API key"),
  NOT_FOUND("not_found", 404, "There is no such resource"),
  METHOD_NOT_ALLOWED("method_not_allowed", 405, "The method is not allowed here"),
  NOT_ACCEPTABLE("not_acceptable", 406, "No acceptable representation"),
  IDENTITY_ALREADY_EXISTS("identity_already_exists", 409, "The name is taken"),
  CONFLICT("conflict", 409, "The request conflicts with the present state"),
  PRECONDITION_FAILED("precondition_failed", 412, "The resource has changed"),
  PAYLOAD_TOO_LARGE("payload_too_large", 413, "The body is too large"),
  URI_TOO_LONG("uri_too_long", 414, "The URI is too long"),
  UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, "The media type is not supported"),
  RATE_LIMITED("rate_limited", 429, "Too many requests"),
  HEADERS_TOO_LARGE("headers_too_large", 431, "The headers are too large"),
  INTERNAL_ERROR("internal_error", 500, "Something went wrong on our side"),
  REVOCATION_FEED_STALE("revocation_feed_stale", 503, "What is revoked is not known here"),
  STORAGE_UNAVAILABLE("storage_unavailable", 503, "A part we depend on is away");

  private final String slug;
  private final int status;
  private final String title;

  ErrorCode(String slug, int status, String title) {
    this.slug = slug;
    this.status = status;
    this.title = title;
  }

  /** The stable slug, such as {@code insufficient_scope}. */
  public String slug() {
    return slug;
  }

  /** The HTTP status that carries it. */
  public int status() {
    return status;
  }

  /** A short title for people, the same each time. */
  public String title() {
    return title;
  }
}
