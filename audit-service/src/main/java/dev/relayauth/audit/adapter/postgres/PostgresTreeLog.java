package dev.relayauth.audit.adapter.postgres;

import dev.relayauth.audit.domain.tree.SignedTree;
import dev.relayauth.audit.domain.tree.TreeHasher;
import dev.relayauth.audit.domain.tree.TreeLog;
import dev.relayauth.audit.domain.tree.TreeProofs;
import dev.relayauth.common.outbox.Transaction;
import dev.relayauth.common.outbox.Transactions;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Trees as PostgreSQL holds them. A checkpoint only ever gives way to one of more leaves. */
@Singleton
public final class PostgresTreeLog implements TreeLog {
  private static final int BATCH = 2_000;
  private static final int LOCK = 0x43484B50;
  private static final String FIND =
      "select org, size, root, checkpoint_size, checkpoint from audit_tree where org = ?";
  private static final String CHANGED =
      "select org, size, root, checkpoint_size, checkpoint from audit_tree"
          // In the order that appends lock them in, so that none waits in a circle.
          + " where size <> checkpoint_size order by org limit "
          + BATCH;
  private static final String SAVE =
      "update audit_tree set checkpoint_size = ?, checkpoint = ?"
          + " where org = ? and checkpoint_size < ?";

  private final Transactions transactions;
  private final LogSigner signer;

  PostgresTreeLog(Transactions transactions, LogSigner signer) {
    this.transactions = transactions;
    this.signer = signer;
  }

  private record Tree(String org, long size, byte[] root, long signedSize, @Nullable String note) {
    static Tree read(ResultSet row) throws SQLException {
      return new Tree(
          row.getString(1), row.getLong(2), row.getBytes(3), row.getLong(4), row.getString(5));
    }
  }

  @Override
  public SignedTree checkpoint(String org, long leafIndex) {
    Tree tree =
        transactions
            .read(tx -> tx.first(FIND, Tree::read, org))
            .orElseGet(() -> new Tree(org, 0, new TreeHasher().empty(), 0, null));
    if (tree.note() != null && tree.signedSize() > leafIndex) {
      byte[] root =
          tree.signedSize() == tree.size()
              ? tree.root()
              : prove(org, proofs -> proofs.root(tree.signedSize()));
      return signer.read(org, tree.signedSize(), root, tree.note());
    }
    SignedTree signed = signer.sign(org, tree.size(), tree.root());
    transactions.write(tx -> save(tx, List.of(signed), List.of(tree)));
    return signed;
  }

  @Override
  public <T> T prove(String org, Function<TreeProofs, T> proof) {
    return transactions.read(tx -> proof.apply(new TreeProofs(PostgresTrees.tiles(tx, org))));
  }

  @Override
  public int signChanged() {
    return transactions
        .write(
            tx -> {
              boolean mine =
                  tx.first(
                          "select pg_try_advisory_xact_lock(?, hashtext(current_schema()))",
                          row -> row.getBoolean(1),
                          LOCK)
                      .orElse(false);
              if (!mine) {
                return 0;
              }
              List<Tree> changed = tx.query(CHANGED, Tree::read);
              return save(tx, changed.stream().map(this::sign).toList(), changed);
            })
        .value();
  }

  private SignedTree sign(Tree tree) {
    return signer.sign(tree.org(), tree.size(), tree.root());
  }

  private static int save(Transaction tx, List<SignedTree> signed, List<Tree> trees)
      throws SQLException {
    if (signed.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = tx.connection().prepareStatement(SAVE)) {
      for (int i = 0; i < signed.size(); i++) {
        statement.setLong(1, signed.get(i).size());
        statement.setString(2, signed.get(i).note());
        statement.setString(3, trees.get(i).org());
        statement.setLong(4, signed.get(i).size());
        statement.addBatch();
      }
      statement.executeBatch();
    }
    return signed.size();
  }
}
