package dev.relayauth.policy.adapter.budget;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.id.IdPrefix;
import dev.relayauth.policy.domain.budget.Allocation;
import dev.relayauth.policy.domain.budget.Operation;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The reservation ids that permits carry. Such an id says itself what was taken and where, under a
 * MAC that every replica can check, so that any of them can give the rest back although only the
 * one that permitted has it in memory.
 */
@Singleton
public final class PermitIds {
  /** How long what a permit did not need can be given back. */
  public static final Duration OPEN = Duration.ofMinutes(15);

  private static final String ALGORITHM = "HmacSHA256";
  private static final int TAG_BYTES = 12;
  private static final int MAX_LENGTH = 4096;
  private static final byte PLAIN = 1;

  /** Names owners that are none of the holder's: those of who acted for it. */
  private static final byte NAMING = 2;

  private static final List<String> METERS = List.of("cost-day", "cost-month");

  private final SecretKeySpec key;
  private final ThreadLocal<Mac> macs = ThreadLocal.withInitial(this::mac);

  PermitIds(RelayAuthConfig config) {
    // A key of its own, derived from the one that replicas share.
    SecretKeySpec shared =
        new SecretKeySpec(Base64.getUrlDecoder().decode(config.revisionKey()), ALGORITHM);
    try {
      Mac derivation = Mac.getInstance(ALGORITHM);
      derivation.init(shared);
      byte[] label = "relayauth budget permit".getBytes(StandardCharsets.US_ASCII);
      this.key = new SecretKeySpec(derivation.doFinal(label), ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Who was permitted.
   *
   * @param chain first the human, last the identity
   * @param workspaces its workspace, or empty, and then those of who stands above it, lowest first
   */
  public record Holder(String org, List<String> workspaces, List<String> chain) {
    /** Copies the lists. */
    public Holder {
      workspaces = List.copyOf(workspaces);
      chain = List.copyOf(chain);
    }

    private String identityId() {
      return chain.getLast();
    }

    /** The owners by their number in an id. */
    private List<String> owners() {
      List<String> owners = new ArrayList<>();
      owners.add("organization/" + org);
      owners.add("workspace/" + workspaces.getFirst());
      owners.add("sponsor/" + chain.getFirst());
      chain.subList(1, chain.size()).forEach(id -> owners.add("identity/" + id));
      workspaces.stream().skip(1).forEach(id -> owners.add("workspace/" + id));
      return owners;
    }
  }

  /** The id of what a permit took. */
  public String encode(
      Holder holder, long amount, String currency, List<Allocation> allocations, Instant at) {
    List<String> owners = holder.owners();
    byte[] named = nameOthers(owners, allocations);
    int length = 1 + 8 + 8 + 8 + 3 + named.length + 6 * allocations.size();
    ByteBuffer body = ByteBuffer.allocate(length + TAG_BYTES);
    // Tells the permits of a moment apart; what keeps anyone from making one up is the MAC.
    long nonce = ThreadLocalRandom.current().nextLong();
    body.put(named.length == 0 ? PLAIN : NAMING)
        .putLong(at.toEpochMilli())
        .putLong(nonce)
        .putLong(amount);
    body.put(currency.getBytes(StandardCharsets.US_ASCII), 0, 3).put(named);
    for (Allocation part : allocations) {
      body.put((byte) owners.indexOf(part.owner()));
      body.put((byte) METERS.indexOf(part.meter()));
      body.putInt((int) part.bucket());
    }
    byte[] whole = body.array();
    byte[] tag = tag(whole, body.position(), holder);
    System.arraycopy(tag, 0, whole, body.position(), TAG_BYTES);
    return IdPrefix.BUDGET.text() + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /** Adds the owners that aren't the holder's; answers how an id names them. */
  private static byte[] nameOthers(List<String> owners, List<Allocation> allocations) {
    List<String> others =
        allocations.stream()
            .map(Allocation::owner)
            .filter(owner -> !owners.contains(owner))
            .distinct()
            .toList();
    if (others.isEmpty()) {
      return new byte[0];
    }
    owners.addAll(others);
    byte[] text = String.join("\n", others).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + text.length).putShort((short) text.length).put(text).array();
  }

  /** What a permit took, by its id; empty when it is not one of ours for that holder. */
  public Optional<Operation> decode(Holder holder, String id) {
    if (!id.startsWith(IdPrefix.BUDGET.text()) || id.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] whole = Base64.getUrlDecoder().decode(id.substring(IdPrefix.BUDGET.text().length()));
      int length = whole.length - TAG_BYTES;
      boolean ours =
          length >= 28
              && MessageDigest.isEqual(
                  tag(whole, length, holder), Arrays.copyOfRange(whole, length, whole.length));
      return ours
          ? Optional.of(read(holder, id, ByteBuffer.wrap(whole, 0, length)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Operation read(Holder holder, String id, ByteBuffer body) {
    List<String> owners = holder.owners();
    byte version = body.get();
    Instant at = Instant.ofEpochMilli(body.getLong());
    body.getLong();
    long amount = body.getLong();
    byte[] currency = new byte[3];
    body.get(currency);
    if (version == NAMING) {
      byte[] named = new byte[Short.toUnsignedInt(body.getShort())];
      body.get(named);
      owners.addAll(List.of(new String(named, StandardCharsets.UTF_8).split("\n", -1)));
    }
    List<Allocation> allocations = new ArrayList<>();
    while (body.hasRemaining()) {
      String owner = owners.get(Byte.toUnsignedInt(body.get()));
      String meter = METERS.get(body.get());
      long bucket = Integer.toUnsignedLong(body.getInt());
      allocations.add(new Allocation(owner + "/" + meter, bucket, amount));
    }
    return new Operation(
        holder.org,
        id,
        holder.identityId(),
        Operation.Kind.reservation,
        Operation.Status.reserved,
        amount,
        null,
        new String(currency, StandardCharsets.US_ASCII),
        allocations,
        at,
        at.plus(OPEN));
  }

  private byte[] tag(byte[] whole, int length, Holder holder) {
    Mac mac = macs.get();
    mac.update(whole, 0, length);
    mac.update((holder.org + "/" + holder.identityId()).getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
  }

  private Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
