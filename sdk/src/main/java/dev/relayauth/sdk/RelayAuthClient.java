package dev.relayauth.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.sdk.Transport.Call;
import dev.relayauth.sdk.verify.TokenVerifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * RelayAuth, from Java. Safe for any thread; make one and keep it.
 *
 * <p>Answers 429 and 503 are tried again, at the pace that RelayAuth asks for. A read sees this
 * client's own writes. Every failure is a {@link RelayAuthException}. What ends in {@code Async}
 * blocks nobody, and fails by its future alone.
 */
public final class RelayAuthClient implements AutoCloseable {
  private final Transport transport;
  private final TokenVerifier.Builder verification;
  private final InstantSource clock;
  private @Nullable TokenVerifier verifier;

  private RelayAuthClient(
      Transport transport, TokenVerifier.Builder verification, InstantSource clock) {
    this.transport = transport;
    this.verification = verification;
    this.clock = clock;
  }

  /** A client by {@code RELAYAUTH_URL} and {@code RELAYAUTH_API_KEY}. */
  public static RelayAuthClient fromEnvironment() {
    return builder().build();
  }

  /** A client to be described. */
  public static Builder builder() {
    return new Builder();
  }

  /** Identities. */
  public Identities identities() {
    return new Identities(transport);
  }

  /** Tokens. */
  public Tokens tokens() {
    return new Tokens(transport, this::verifier);
  }

  /** Revocations. */
  public Revocations revocations() {
    return new Revocations(transport);
  }

  /** Budgets. */
  public Budgets budgets() {
    return new Budgets(transport);
  }

  /** The audit trail. */
  public Audit audit() {
    return new Audit(transport);
  }

  /** The setup as one YAML. */
  public Configuration configuration() {
    return new Configuration(transport);
  }

  /** Asks for a decision. A deny is an answer, not an exception. */
  public Decision authorize(AuthorizeRequest request) {
    return Transport.await(authorizeAsync(request));
  }

  /** Like {@link #authorize}. */
  public CompletableFuture<Decision> authorizeAsync(AuthorizeRequest request) {
    return transport.send(Call.post("/v1/authorize", request), Decision.class);
  }

  /** Kills every token of an identity and of its sub-agents. */
  public void revoke(String identityId) {
    tokens().revokeIdentity(identityId);
  }

  /** Issues a token that is refreshed as long as its session lives. */
  public AgentSession openSession(TokenRequest request) {
    Tokens tokens = tokens();
    return new AgentSession(tokens, tokens.issue(request), null, clock);
  }

  /**
   * The same, bound to a key (RFC 9449): what it presents is worth nothing without proofs by that
   * key. The token that was issued unbound on the way is not kept.
   */
  public AgentSession openSession(TokenRequest request, DpopKey key) {
    Tokens tokens = tokens();
    TokenPair bound = tokens.refresh(tokens.issue(request).refreshToken(), key);
    return new AgentSession(tokens, bound, key, clock);
  }

  /** The same RelayAuth, spoken to by a session. */
  public RelayAuthClient as(AgentSession session) {
    return new RelayAuthClient(transport.as(session.credential()), verification, clock);
  }

  /** Any other route: the answer's JSON. */
  public JsonNode call(String method, String path, @Nullable Object body) {
    return Transport.await(transport.send(new Call(method, path, body, Map.of()), JsonNode.class));
  }

  @Override
  public synchronized void close() {
    if (verifier != null) {
      verifier.close();
    }
  }

  private synchronized TokenVerifier verifier() {
    if (verifier == null) {
      verifier = verification.build();
    }
    return verifier;
  }

  /** Describes a client. */
  public static final class Builder {
    private @Nullable String url = System.getenv("RELAYAUTH_URL");
    private @Nullable Supplier<Secret> credential = environmentKey();
    private Duration timeout = Duration.ofSeconds(10);
    private int attempts = 4;
    private @Nullable String organization;
    private List<String> audience = List.of("relayauth");
    private @Nullable HttpClient http;
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /** Where RelayAuth is; {@code RELAYAUTH_URL} when not said. */
    public Builder url(String baseUrl) {
      this.url = baseUrl;
      return this;
    }

    /** The API key or token; {@code RELAYAUTH_API_KEY} when not said. */
    public Builder apiKey(String key) {
      Secret secret = new Secret(key);
      this.credential = () -> secret;
      return this;
    }

    /** How long one attempt may take, from the connection to the last byte; 10 s when not said. */
    public Builder timeout(Duration limit) {
      this.timeout = limit;
      return this;
    }

    /** How often a request is sent at most. */
    public Builder attempts(int most) {
      this.attempts = Math.max(1, most);
      return this;
    }

    /** The organisation whose tokens {@code tokens().verify} takes; ids are unique in it alone. */
    public Builder organization(String id) {
      this.organization = id;
      return this;
    }

    /** The receivers that {@code tokens().verify} stands for: one must be in the token's aud. */
    public Builder audience(String... receivers) {
      this.audience = List.of(receivers);
      return this;
    }

    /** Another HTTP client, with its own proxy or TLS. */
    public Builder httpClient(HttpClient client) {
      this.http = client;
      return this;
    }

    /** Another clock: what sessions and {@code tokens().verify} take for the time. */
    public Builder clock(InstantSource other) {
      this.clock = other;
      return this;
    }

    /**
     * Makes it.
     *
     * @throws IllegalStateException when there is no URL or no credential
     * @throws IllegalArgumentException when the URL is no http or https address of a host
     */
    public RelayAuthClient build() {
      if (url == null || credential == null) {
        throw new IllegalStateException("set RELAYAUTH_URL and RELAYAUTH_API_KEY, or say them");
      }
      String base = baseOf(url);
      HttpClient client =
          Objects.requireNonNullElseGet(
              http, () -> HttpClient.newBuilder().connectTimeout(timeout).build());
      Transport transport =
          new Transport(client, base, Credential.of(credential), timeout, attempts);
      TokenVerifier.Builder verification =
          TokenVerifier.builder()
              .issuer(base)
              .audience(audience)
              .httpClient(client)
              .clock(clock)
              .revocationsBy(credential);
      if (organization != null) {
        verification.organization(organization);
      }
      return new RelayAuthClient(transport, verification, clock);
    }

    private static String baseOf(String url) {
      URI address = URI.create(url);
      boolean isWeb = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (!isWeb
          || address.getHost() == null
          || address.getUserInfo() != null
          || address.getQuery() != null
          || address.getFragment() != null) {
        throw new IllegalArgumentException("RelayAuth's URL is like https://auth.example");
      }
      return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static @Nullable Supplier<Secret> environmentKey() {
      String key = System.getenv("RELAYAUTH_API_KEY");
      if (key == null || key.isBlank()) {
        return null;
      }
      Secret secret = new Secret(key);
      return () -> secret;
    }
  }
}
