package dev.relayauth.common.revision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Revisions as opaque, authenticated text: nobody can make one up that has us wait for a write that
 * never happened.
 */
public final class RevisionCodec {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int TAG_BYTES = 12;
  private static final int MAX_LENGTH = 512;

  private final SecretKeySpec key;

  /** A codec under a key of at least 32 bytes. */
  public RevisionCodec(byte[] key) {
    if (key.length < 32) {
      throw new IllegalArgumentException("the revision key needs 32 bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** Renders a revision. */
  public String encode(Revision revision) {
    String text =
        new TreeMap<>(revision.sequences())
            .entrySet().stream()
                .map(entry -> entry.getKey() + ":" + Long.toString(entry.getValue(), 36))
                .collect(Collectors.joining(","));
    byte[] body = text.getBytes(UTF_8);
    byte[] whole = Arrays.copyOf(body, body.length + TAG_BYTES);
    System.arraycopy(tag(body), 0, whole, body.length, TAG_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /** Reads a revision; empty when it is not one of ours. */
  public Optional<Revision> decode(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] whole = Base64.getUrlDecoder().decode(text);
      if (whole.length < TAG_BYTES) {
        return Optional.empty();
      }
      byte[] body = Arrays.copyOf(whole, whole.length - TAG_BYTES);
      byte[] tag = Arrays.copyOfRange(whole, body.length, whole.length);
      return MessageDigest.isEqual(tag, tag(body)) ? Optional.of(parse(body)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Revision parse(byte[] body) {
    Map<String, Long> sequences = new TreeMap<>();
    for (String entry : new String(body, UTF_8).split(",", -1)) {
      int colon = entry.indexOf(':');
      sequences.put(entry.substring(0, colon), Long.parseLong(entry.substring(colon + 1), 36));
    }
    return new Revision(sequences);
  }

  private byte[] tag(byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Arrays.copyOf(mac.doFinal(body), TAG_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
