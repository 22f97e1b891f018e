package dev.relayauth.audit.domain.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** Text with signatures below it (C2SP signed-note). */
public final class SignedNote {
  private static final String DASH = "\u2014 ";
  private static final int ID = 4;

  private SignedNote() {}

  /** A note of a text, which ends in a newline, with one signature. */
  public static String sign(String text, NoteKey key, UnaryOperator<byte[]> signer) {
    byte[] signature = signer.apply(text.getBytes(UTF_8));
    byte[] line = ByteBuffer.allocate(ID + signature.length).put(key.id()).put(signature).array();
    return text + "\n" + DASH + key.name() + " " + Base64.getEncoder().encodeToString(line) + "\n";
  }

  /**
   * The text of a note, once a signature of that key holds. Signatures of others are passed over.
   *
   * @throws IllegalArgumentException when none does
   */
  public static String open(String note, NoteKey key) {
    int end = note.lastIndexOf("\n\n");
    if (end < 0) {
      throw new IllegalArgumentException("this is no signed note");
    }
    String text = note.substring(0, end + 1);
    String prefix = DASH + key.name() + " ";
    boolean signed =
        note.substring(end + 2)
            .lines()
            .filter(line -> line.startsWith(prefix))
            .anyMatch(line -> holds(text, key, line.substring(prefix.length())));
    if (!signed) {
      throw new IllegalArgumentException("no signature of " + key.name() + " holds");
    }
    return text;
  }

  private static boolean holds(String text, NoteKey key, String encoded) {
    byte[] line = Base64.getDecoder().decode(encoded);
    if (line.length <= ID || !Arrays.equals(key.id(), Arrays.copyOf(line, ID))) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key.toPublicKey());
      verifier.update(text.getBytes(UTF_8));
      return verifier.verify(Arrays.copyOfRange(line, ID, line.length));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
