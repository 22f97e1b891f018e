package dev.relayauth.stack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of decisions as the policy service publishes them: an id of each kind that it fills in,
 * one in fifty denied, of a thousand agents and ten thousand tokens. Only the inputs are left out.
 * For one thread: the generator shares the machine with what it measures, so it is kept cheap.
 */
public final class AuditEvents {
  private static final String TOPIC = "relayauth.audit.v1";

  private static final int AGENTS = 1_000;
  private static final int TOKENS = 10_000;
  private static final int DENIED = 50;
  private static final int ID_BYTES = 16;
  private static final String JSON =
      """
      {"id":"aud_%1$s","action":"scope.checked","identityId":"%2$s","orgId":"%3$s",\
      "workspaceId":"ws_bench","plane":"stripe","resource":"orders","result":"%4$s",\
      "sponsorId":"user_bench","sponsorChain":["user_bench","%2$s"],"metadata":{\
      "scope":"stripe:orders:read","reason":"%5$s","decisionId":"dec_%1$s","policyRevision":"1",\
      "actorId":"ak_bench","sessionId":"%6$s"},"ip":"127.0.0.1","userAgent":"relayauth-bench/1",\
      "requestId":"req_%1$s","tokenId":"%7$s","timestamp":"%8$s"}""";

  private final SplittableRandom random = new SplittableRandom();
  private final Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
  private final String run = id();
  private final String org;
  private final String[] template = JSON.split("%|(?<=[0-9])\\$s", -1);
  private long number;

  /** Of an organisation. */
  public AuditEvents(String org) {
    this.org = org;
  }

  /** The agent of the records that {@link #probe} makes. */
  String probeAgent() {
    return "agent_probe_" + run;
  }

  /** The next record. */
  public ProducerRecord<String, byte[]> next() {
    return of("agent_" + run + number % AGENTS);
  }

  /** The next record, of one agent that the others are not of. */
  ProducerRecord<String, byte[]> probe() {
    return of(probeAgent());
  }

  private ProducerRecord<String, byte[]> of(String agent) {
    long n = number++;
    String id = id();
    boolean denied = n % DENIED == 0;
    String now = Instant.now().toString();
    String[] values = {
      id,
      agent,
      org,
      denied ? "denied" : "allowed",
      denied ? "no_grant" : "granted",
      "ses_" + run + n % TOKENS,
      "tok_" + run + n % TOKENS,
      now
    };
    ProducerRecord<String, byte[]> message =
        new ProducerRecord<>(TOPIC, org, fill(values).getBytes(UTF_8));
    header(message, "ce_specversion", "1.0");
    header(message, "ce_id", "aud_" + id);
    header(message, "ce_source", "/relayauth/bench");
    header(message, "ce_type", "dev.relayauth.scope.checked.v1");
    header(message, "ce_subject", agent);
    header(message, "ce_time", now);
    return message;
  }

  /** What {@link String#format} would say, at a fraction of its cost. */
  private String fill(String[] values) {
    StringBuilder text = new StringBuilder(JSON.length() * 2).append(template[0]);
    for (int i = 1; i < template.length; i += 2) {
      text.append(values[template[i].charAt(0) - '1']).append(template[i + 1]);
    }
    return text.toString();
  }

  private String id() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return base64.encodeToString(bytes);
  }

  private static void header(ProducerRecord<String, byte[]> message, String name, String value) {
    message.headers().add(name, value.getBytes(UTF_8));
  }
}
