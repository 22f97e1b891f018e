package dev.relayauth.testing;

import dev.relayauth.common.credential.ApiKeyFormat;
import dev.relayauth.common.event.ApiKeyState;
import dev.relayauth.common.event.CloudEvent;
import dev.relayauth.common.event.EntityKind;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.event.RevocationState;
import dev.relayauth.common.event.Topics;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.common.id.IdSource;
import dev.relayauth.common.id.RandomIdSource;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationKind;
import dev.relayauth.common.token.Claims;
import dev.relayauth.common.token.ClaimsBuilder;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.KeySet;
import dev.relayauth.common.token.ServiceTokenSigner;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import dev.relayauth.common.token.TokenSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything around the one service under test: PostgreSQL, Kafka, the other services on the wire,
 * and what they have published.
 */
public final class World {
  /** The issuer of every token. */
  public static final String ISSUER = "https://auth.example.test";

  private static final String ZERO_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  private static final List<String> SERVICES =
      List.of("identity", "token", "policy", "audit", "revocation");
  private static volatile @Nullable World current;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final IdSource ids = new RandomIdSource();
  private final SecureRandom random = new SecureRandom();
  private final String platformKey = ApiKeyFormat.generate(ApiKeyFormat.PLATFORM, random);
  private final SigningKey signingKey = SigningKey.generate(SigningAlgorithm.EDDSA);
  private final AtomicLong sequences = new AtomicLong(1L << 40);
  private final String jdbcUrl = LocalProcess.start("postgres");
  private final String bootstrap = LocalProcess.start("kafka");
  private final Peers peers;
  private final Publisher publisher;
  private final InternalKeys keys;
  private final Map<String, String> settings = new HashMap<>();
  private final int servicePort = freePort();

  private World(String service) {
    peers = new Peers(KeySet.of(List.of(signingKey.verificationKey())).toJson());
    publisher = new Publisher(bootstrap);
    keys = InternalKeys.create(SERVICES);
    settings.put("quarkus.datasource.jdbc.url", jdbcUrl);
    settings.put("quarkus.datasource.username", "postgres");
    settings.put("quarkus.datasource.password", "postgres");
    settings.put("kafka.bootstrap.servers", bootstrap);
    // Generous, so that a busy machine makes no test fail; what goes stale is awaited.
    settings.put("relayauth.freshness.bound", "5s");
    settings.put("relayauth.node", service + "-test");
    settings.put("relayauth.issuer", ISSUER);
    settings.put("relayauth.platform-key-hash", ApiKeyFormat.hash(platformKey));
    settings.put("relayauth.revision-key", ZERO_KEY);
    settings.put("relayauth.token.key-encryption-key", ZERO_KEY);
    settings.put("relayauth.token.refresh-key", ZERO_KEY);
    settings.put("relayauth.internal.private-key-file", keys.privateKeyFile(service));
    settings.put("relayauth.internal.trusted-keys-file", keys.trustedKeysFile());
    for (String name : SERVICES) {
      settings.put(
          "relayauth.urls." + name,
          name.equals(service) ? "http://127.0.0.1:" + servicePort : peers.url());
    }
  }

  static synchronized World start(String service) {
    World known = current;
    if (known == null) {
      known = new World(service);
      current = known;
    }
    return known;
  }

  /** The world of this test run. */
  public static World get() {
    World known = current;
    if (known == null) {
      throw new IllegalStateException("no test resource has started the world");
    }
    // A machine that builds something else at the same time is slow, not wrong.
    org.awaitility.Awaitility.setDefaultTimeout(PATIENCE);
    return known;
  }

  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  int servicePort() {
    return servicePort;
  }

  /** The other services. */
  public Peers peers() {
    return peers;
  }

  /** The platform key that the service under test accepts. */
  public String platformKey() {
    return platformKey;
  }

  /** Kafka's address. */
  public String bootstrap() {
    return bootstrap;
  }

  /** The JDBC URL of the database. */
  public String jdbcUrl() {
    return jdbcUrl;
  }

  /** A new identifier. */
  public String id(IdPrefix prefix) {
    return ids.next(prefix);
  }

  /** An API key of an organisation with these scopes, published and known to the identity peer. */
  public String apiKey(String org, String... scopes) {
    String key = ApiKeyFormat.generate(ApiKeyFormat.API_KEY, random);
    ApiKeyState state =
        new ApiKeyState(
            org,
            id(IdPrefix.API_KEY),
            ApiKeyState.Kind.api_key,
            ApiKeyFormat.hash(key),
            ApiKeyFormat.visiblePart(ApiKeyFormat.API_KEY, key),
            "test",
            Arrays.asList(scopes),
            "user_jane",
            null,
            List.of("user_jane"),
            null,
            Instant.now(),
            null,
            null,
            sequences.incrementAndGet(),
            0,
            List.of(),
            null);
    peers.add(state);
    publish(
        Topics.IDENTITY,
        EntityKind.API_KEY.key(org, state.id()),
        "api_key",
        state.id(),
        state.revision(),
        Json.write(state));
    return key;
  }

  /** An active agent under {@code user_jane} with these direct scopes. */
  public IdentityState agent(String org, String... scopes) {
    return agent(org, null, scopes);
  }

  /** An active agent under a parent, or under {@code user_jane}, with these direct scopes. */
  public IdentityState agent(String org, @Nullable IdentityState parent, String... scopes) {
    return identity(org, IdentityState.Type.agent, "ws_prod", parent, scopes);
  }

  /** The same of any type in any workspace. */
  public IdentityState identity(
      String org,
      IdentityState.Type type,
      String workspace,
      @Nullable IdentityState parent,
      String... scopes) {
    String id = id(IdPrefix.IDENTITY);
    List<String> above = parent == null ? List.of("user_jane") : parent.sponsorChain();
    List<String> chain = new java.util.ArrayList<>(above);
    chain.add(id);
    IdentityState state =
        new IdentityState(
            org,
            id,
            type + "-" + id,
            type,
            IdentityState.Status.active,
            workspace,
            above.getLast(),
            chain,
            Arrays.asList(scopes),
            List.of(),
            false,
            Map.of(),
            null,
            null,
            null,
            null,
            Instant.now(),
            Instant.now(),
            sequences.incrementAndGet());
    return publish(state);
  }

  /** Publishes an identity as it stands; its revision must be the newest, see {@link #sequence}. */
  public IdentityState publish(IdentityState state) {
    peers.add(state);
    publish(
        Topics.IDENTITY,
        EntityKind.IDENTITY.key(state.orgId(), state.id()),
        "identity",
        state.id(),
        state.revision(),
        Json.write(state));
    return state;
  }

  /** The next sequence of this world. */
  public long sequence() {
    return sequences.incrementAndGet();
  }

  /** The highest sequence so far: what a token issued now carries as {@code rev}. */
  public long head() {
    return sequences.get();
  }

  /** Publishes a revocation entry, as the revocation service would. */
  public long revoke(String org, RevocationKind kind, String id, boolean closed) {
    return revoke(org, kind, id, closed, sequences.incrementAndGet());
  }

  /** Publishes an open entry of an earlier sequence, once more or late. */
  public void revokeAgain(String org, RevocationKind kind, String id, long sequence) {
    revoke(org, kind, id, false, sequence);
  }

  /** Has the owner's probe answer with a sequence that is never published; returns it. */
  public long announce(String topic) {
    long sequence = sequences.incrementAndGet();
    peers.advance(topic, sequence);
    return sequence;
  }

  private long revoke(String org, RevocationKind kind, String id, boolean closed, long sequence) {
    RevocationState state =
        new RevocationState(
            id(IdPrefix.REVOCATION),
            org,
            kind.wireName(),
            id,
            closed,
            "test",
            null,
            Instant.now(),
            Instant.now().plus(Duration.ofHours(1)),
            sequence);
    publish(
        Topics.REVOCATION,
        CloudEvent.key(org, kind.wireName(), id),
        "revocation",
        state.id(),
        sequence,
        Json.write(state));
    return sequence;
  }

  /** Publishes any event as its owner would, and has the owner's probe answer with it. */
  public void publish(
      String topic, String key, String entity, String subject, long sequence, byte[] data) {
    publisher.publish(
        topic,
        new CloudEvent(
            id(IdPrefix.EVENT),
            "/relayauth/test",
            CloudEvent.type(entity, "updated"),
            subject,
            key,
            Instant.now(),
            sequence,
            null,
            data));
    peers.advance(topic, sequence);
  }

  /** A token by which {@code caller} calls {@code callee}, for a minute. */
  public String serviceToken(String caller, String callee) {
    try {
      String jwk = Files.readString(Path.of(keys.privateKeyFile(caller)));
      return new ServiceTokenSigner(
              SigningKey.fromPrivateJwk(jwk), CryptoProvider.preferred(), InstantSource.system())
          .sign(callee);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The claims of a token for an agent, for an hour, with audience {@code relayauth}. */
  public ClaimsBuilder claims(IdentityState agent, String... scopes) {
    long now = Instant.now().getEpochSecond();
    return Claims.builder()
        .iss(ISSUER)
        .sub(agent.id())
        .aud(List.of("relayauth"))
        .exp(now + 3600)
        .iat(now)
        .nbf(now)
        .jti(id(IdPrefix.TOKEN))
        .clientId(agent.id())
        .scopes(Arrays.asList(scopes))
        .org(agent.orgId())
        .wks(agent.workspaceId())
        .sid(id(IdPrefix.SESSION))
        .tokenType(Claims.ACCESS)
        .sponsorId(agent.sponsorId())
        .sponsorChain(agent.sponsorChain())
        .rev(head());
  }

  /** Signs claims as the token service would. */
  public String sign(Claims claims) {
    return new TokenSigner(signingKey, CryptoProvider.preferred()).sign(claims, JwtType.JWT);
  }

  /** A token for an agent with these scopes. */
  public String token(IdentityState agent, String... scopes) {
    return sign(claims(agent, scopes).build());
  }

  /** Waits until the service under test is ready to serve. */
  public void awaitReady() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () ->
                io.restassured.RestAssured.get(
                            "http://127.0.0.1:" + servicePort + "/q/health/ready")
                        .statusCode()
                    == 200);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
