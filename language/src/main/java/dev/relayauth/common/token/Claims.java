package dev.relayauth.common.token;

import dev.relayauth.common.id.IdPrefix;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an access token says. Times are seconds since the epoch.
 *
 * @param scopes claim {@code scopes}; {@code scope} is derived from it
 * @param tokenType claim {@code token_type}
 * @param sponsorChain the human first, {@code sub} last
 * @param lineage ids of all tokens and credentials this one descends from, and of who issued it for
 *     another, with all above them
 * @param rev the last revocation sequence its issuer had applied
 * @param mayAct the only ones that may become its actor ({@code may_act}, RFC 8693 §4.4); empty for
 *     no such limit
 * @param jkt thumbprint of the key it is bound to ({@code cnf.jkt}, RFC 9449 §6.1)
 * @param tokenClass the class whose prefix it was issued behind; missing where there is none
 * @param status where its status stands; missing unless its organisation has status lists
 */
public record Claims(
    String iss,
    String sub,
    List<String> aud,
    long exp,
    long iat,
    long nbf,
    String jti,
    String clientId,
    List<String> scopes,
    String org,
    @Nullable String wks,
    String sid,
    String tokenType,
    String sponsorId,
    List<String> sponsorChain,
    @Nullable Actor act,
    @Nullable String parentTokenId,
    List<String> lineage,
    long rev,
    @Nullable TokenBudget budget,
    Map<String, String> meta,
    List<String> mayAct,
    @Nullable String jkt,
    @Nullable String tokenClass,
    @Nullable StatusReference status) {

  /** The only {@code token_type} that is a bearer's. */
  public static final String ACCESS = "access";

  /**
   * The most that a token may descend from. Ten actors, each with a token from a provisioner ten
   * deep, come to fewer; the length of a token bounds it as well.
   */
  public static final int MAX_LINEAGE = 256;

  /** Copies, and refuses a chain that doesn't end in the subject. */
  public Claims {
    aud = List.copyOf(aud);
    scopes = List.copyOf(scopes);
    sponsorChain = List.copyOf(sponsorChain);
    lineage = List.copyOf(lineage);
    meta = Map.copyOf(meta);
    mayAct = List.copyOf(mayAct);
    if (sponsorChain.isEmpty() || !sponsorChain.get(sponsorChain.size() - 1).equals(sub)) {
      throw new IllegalArgumentException("sponsorChain must end in sub");
    }
  }

  /**
   * The ids of the identities by whose authority the token is beside its subject's: those that act
   * for it or have issued it for it, and the agents above each of them.
   */
  public List<String> actors() {
    return actors(act, lineage);
  }

  /** The same of a token of that delegation and lineage. */
  public static List<String> actors(@Nullable Actor act, List<String> lineage) {
    List<String> acting = act == null ? List.of() : act.ids();
    List<String> issuers = issuers(lineage);
    return issuers.isEmpty()
        ? acting
        : Stream.concat(acting.stream(), issuers.stream()).distinct().toList();
  }

  /** The ids of the identities that have issued it for another, and of the agents above them. */
  public List<String> issuers() {
    return issuers(lineage);
  }

  private static List<String> issuers(List<String> lineage) {
    for (String id : lineage) {
      if (isIdentity(id)) {
        return lineage.stream().filter(Claims::isIdentity).toList();
      }
    }
    return List.of();
  }

  private static boolean isIdentity(String id) {
    return id.startsWith(IdPrefix.IDENTITY.text());
  }

  /** A builder with nothing set but {@code token_type} = access. */
  public static ClaimsBuilder builder() {
    return new ClaimsBuilder();
  }

  /** A builder with everything set as here. */
  public ClaimsBuilder toBuilder() {
    return new ClaimsBuilder(this);
  }

  /** Claim {@code scope}, space-separated (RFC 8693 §4.2). */
  public String scope() {
    return String.join(" ", scopes);
  }
}
