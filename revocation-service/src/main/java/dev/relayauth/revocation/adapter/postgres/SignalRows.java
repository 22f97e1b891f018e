package dev.relayauth.revocation.adapter.postgres;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.outbox.Rows;
import dev.relayauth.common.secret.SecretSeal;
import dev.relayauth.revocation.domain.signal.SignalStream;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** How streams become rows; the header that their receivers ask for rests sealed. */
@Singleton
final class SignalRows {
  private static final String PURPOSE = "relayauth signal streams";

  private final SecretSeal seal;

  SignalRows(RelayAuthConfig config) {
    this.seal = new SecretSeal(List.of(derived(config.revisionKey())), new SecureRandom());
  }

  /** A key of its own, from one that all replicas share. */
  private static byte[] derived(String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(key), "HmacSHA256"));
      return mac.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  byte @Nullable [] seal(SignalStream stream) {
    String authorization = stream.authorization();
    return authorization == null ? null : seal.seal(stream.id(), authorization);
  }

  SignalStream read(ResultSet row) throws SQLException {
    String id = row.getString("id");
    byte[] sealed = row.getBytes("endpoint_auth");
    return new SignalStream(
        id,
        row.getString("org"),
        row.getString("actor"),
        row.getString("endpoint"),
        sealed == null ? null : seal.open(id, sealed),
        Rows.stringsOrNull(row, "requested"),
        row.getString("description"),
        SignalStream.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        row.getString("reason"),
        Rows.instant(row, "created_at"));
  }
}
