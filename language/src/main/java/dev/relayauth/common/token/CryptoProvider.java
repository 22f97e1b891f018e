package dev.relayauth.common.token;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import org.jspecify.annotations.Nullable;

/**
 * Who computes signatures and hashes: Amazon Corretto Crypto Provider where its native library
 * loads, the JDK otherwise. Nothing is installed globally. Safe for use by many threads.
 */
public final class CryptoProvider {
  private static final System.Logger LOG = System.getLogger(CryptoProvider.class.getName());
  private static final int ED25519_SIGNATURE_LENGTH = 64;
  private static final String SHA_256 = "SHA-256";

  private final @Nullable Provider provider;

  private CryptoProvider(@Nullable Provider provider) {
    this.provider = provider;
  }

  /**
   * The fastest provider that works here, chosen once. Logs a warning when Corretto's is there but
   * doesn't load; that it isn't there is worth a line.
   */
  public static CryptoProvider preferred() {
    return Preferred.CHOSEN;
  }

  /** The JDK's own providers. */
  public static CryptoProvider jdk() {
    return new CryptoProvider(null);
  }

  private static final class Preferred {
    static final CryptoProvider CHOSEN = choose();

    private static CryptoProvider choose() {
      try {
        return Corretto.load();
      } catch (NoClassDefFoundError absent) {
        LOG.log(Level.INFO, "signatures use the JDK's provider: there is no faster one here");
        return jdk();
      } catch (LinkageError | RuntimeException failure) {
        return fallback(failure);
      }
    }

    private static CryptoProvider fallback(Throwable failure) {
      LOG.log(
          Level.WARNING,
          "Amazon Corretto Crypto Provider does not load; signatures use the slower JDK provider",
          failure);
      return jdk();
    }
  }

  /** The only class that names it: where its jar is missing, this one alone can't be linked. */
  private static final class Corretto {
    static CryptoProvider load() {
      AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
      Throwable failure = corretto.getLoadingError();
      if (failure != null) {
        return Preferred.fallback(failure);
      }
      corretto.assertHealthy();
      return new CryptoProvider(corretto);
    }
  }

  /** For the log at start. */
  public String name() {
    return provider == null ? "JDK" : provider.getName() + " " + provider.getVersionStr();
  }

  /**
   * Signs; an ECDSA signature is made in its low form. For many signatures with one key, a {@link
   * #signer} is several times faster.
   *
   * @throws IllegalStateException when the key can't sign
   */
  public byte[] sign(SigningKey key, byte[] input) {
    return signer(key).sign(input);
  }

  /** Signs with one key, again and again. */
  Signer signer(SigningKey key) {
    return new Signer(key, () -> initialised(key));
  }

  private Signature initialised(SigningKey key) throws GeneralSecurityException {
    Signature signature = signature(key.algorithm());
    signature.initSign(key.privateKey());
    return signature;
  }

  /**
   * Whether {@code made} is a signature of {@code input} in the sense of JWS. Never throws for what
   * a sender chose. Either twin of an ECDSA signature is accepted here, as RFC 7515 has it.
   */
  public boolean verify(VerificationKey key, byte[] input, byte[] made) {
    if (!hasForm(key.algorithm(), made)) {
      return false;
    }
    try {
      Signature signature = signature(key.algorithm());
      signature.initVerify(key.key());
      signature.update(input);
      return signature.verify(made);
    } catch (SignatureException | InvalidKeyException notOne) {
      // A key that is no point of its curve came from whoever sent the signature.
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("cannot verify with key " + key.kid(), e);
    }
  }

  private static boolean hasForm(SigningAlgorithm algorithm, byte[] made) {
    return switch (algorithm) {
      case EDDSA -> made.length == ED25519_SIGNATURE_LENGTH;
      case ES256 -> EcdsaSignature.isWellFormed(made);
      case RS256 -> made.length > 0;
    };
  }

  /** A SHA-256 of its own, for one thread. */
  public MessageDigest sha256() {
    try {
      return provider == null
          ? MessageDigest.getInstance(SHA_256)
          : MessageDigest.getInstance(SHA_256, provider);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Signature signature(SigningAlgorithm algorithm) throws NoSuchAlgorithmException {
    return provider == null
        ? Signature.getInstance(algorithm.jcaName())
        : Signature.getInstance(algorithm.jcaName(), provider);
  }

  @Override
  public String toString() {
    return name();
  }
}
