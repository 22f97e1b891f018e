package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.tree.Checkpoint;
import dev.relayauth.audit.domain.tree.NoteKey;
import dev.relayauth.audit.domain.tree.SignedNote;
import dev.relayauth.audit.domain.tree.SignedTree;
import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.outbox.Transactions;
import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.common.token.CryptoProvider;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.SigningKey;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs checkpoints with the deployment's log key, which is made when it is first needed. */
@Singleton
public final class LogSigner {
  private static final int KEY_LOCK = 0x4C4F474B;
  private static final String LOCK =
      "select pg_advisory_xact_lock(" + KEY_LOCK + ", hashtext(current_schema()))";

  private final Transactions transactions;
  private final SecretSeal seal;
  private final CryptoProvider crypto = CryptoProvider.preferred();
  private final InstantSource clock;
  private final String host;
  private volatile @Nullable SigningKey key;

  LogSigner(
      Transactions transactions, SecretSeal seal, InstantSource clock, RelayAuthConfig config) {
    this.transactions = transactions;
    this.seal = seal;
    this.clock = clock;
    this.host = URI.create(config.issuer()).getAuthority();
  }

  /** Signs a tree of an organisation. Blocks the first time. */
  SignedTree sign(String org, long size, byte[] root) {
    NoteKey name = noteKey(org);
    Checkpoint checkpoint = new Checkpoint(name.name(), size, root);
    String note = SignedNote.sign(checkpoint.text(), name, text -> crypto.sign(key(), text));
    return new SignedTree(checkpoint, note, name);
  }

  /** A tree whose note is stored. */
  SignedTree read(String org, long size, byte[] root, String note) {
    NoteKey name = noteKey(org);
    return new SignedTree(new Checkpoint(name.name(), size, root), note, name);
  }

  /** The key that signs, under the name it has for an organisation, which is the log's origin. */
  NoteKey noteKey(String org) {
    return NoteKey.of(host + "/audit/" + org, key().publicKey());
  }

  /** The public key as a JWK. Blocks the first time. */
  public String publicJwk() {
    return key().verificationKey().toJwk();
  }

  private SigningKey key() {
    SigningKey known = key;
    if (known == null) {
      known = loadOrMake();
      key = known;
    }
    return known;
  }

  private SigningKey loadOrMake() {
    return transactions
        .write(
            tx -> {
              tx.query(LOCK, row -> "");
              Optional<SigningKey> stored =
                  tx.first(
                      "select kid, private_jwk from audit_log_key order by created_at desc",
                      row ->
                          SigningKey.fromPrivateJwk(seal.open(row.getString(1), row.getBytes(2))));
              if (stored.isPresent()) {
                return stored.get();
              }
              SigningKey made = SigningKey.generate(SigningAlgorithm.EDDSA);
              tx.update(
                  "insert into audit_log_key (kid, private_jwk, created_at) values (?, ?, ?)",
                  made.kid(),
                  seal.seal(made.kid(), made.toPrivateJwk()),
                  clock.instant());
              return made;
            })
        .value();
  }
}
