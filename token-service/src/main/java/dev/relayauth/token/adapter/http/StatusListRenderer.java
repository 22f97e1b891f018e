package dev.relayauth.token.adapter.http;

import dev.relayauth.common.config.RelayAuthConfig;
import dev.relayauth.common.credential.RevocationProjection;
import dev.relayauth.common.json.Json;
import dev.relayauth.common.revocation.RevocationSet;
import dev.relayauth.common.token.JwtType;
import dev.relayauth.common.token.SigningAlgorithm;
import dev.relayauth.common.token.TokenSigner;
import dev.relayauth.token.adapter.postgres.KeyRefresh;
import dev.relayauth.token.adapter.postgres.StatusListRows;
import dev.relayauth.token.config.StatusListConfig;
import dev.relayauth.token.domain.status.ListedToken;
import dev.relayauth.token.domain.status.StatusList;
import dev.relayauth.token.domain.status.StatusPlace;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Renders a list from who has its places and the entries in force: a token that an entry kills is
 * invalid, every other place is valid, whether a token has it or not.
 */
@Singleton
final class StatusListRenderer {
  private static final int PAGE = 5_000;
  private static final int BITS = 1;

  private final StatusListRows rows;
  private final RevocationSet revocations;
  private final FreshFeeds feeds;
  private final KeyRefresh keys;
  private final String issuer;
  private final StatusListConfig config;
  private final InstantSource clock;

  StatusListRenderer(
      StatusListRows rows,
      RevocationProjection revocations,
      FreshFeeds feeds,
      KeyRefresh keys,
      RelayAuthConfig config,
      StatusListConfig lists,
      InstantSource clock) {
    this.rows = rows;
    this.revocations = revocations.set();
    this.feeds = feeds;
    this.keys = keys;
    this.issuer = config.issuer();
    this.config = lists;
    this.clock = clock;
  }

  /**
   * The list as a signed JWT (draft-ietf-oauth-status-list §5.1); empty when there is no such list.
   * Blocks; refuses while the revocation feed is stale.
   */
  synchronized Optional<String> render(int list) {
    if (!rows.exists(list)) {
      return Optional.empty();
    }
    feeds.rev();
    Instant now = clock.instant();
    StatusList statuses = new StatusList(BITS, StatusPlace.LIST_SIZE);
    int after = -1;
    List<ListedToken> page;
    do {
      page = rows.page(list, after, now, PAGE);
      for (ListedToken listed : page) {
        after = listed.idx();
        if (revocations.match(listed.subject()).isPresent()) {
          statuses.set(after, StatusList.INVALID);
        }
      }
    } while (page.size() == PAGE);
    return Optional.of(sign(list, statuses, now));
  }

  private String sign(int list, StatusList statuses, Instant now) {
    Map<String, Object> claims =
        Map.of(
            "iss", issuer,
            "sub", new StatusPlace(list, 0).uri(issuer),
            "iat", now.getEpochSecond(),
            "exp", now.plus(config.life()).getEpochSecond(),
            "ttl", config.ttl().toSeconds(),
            "status_list", Map.of("bits", statuses.bits(), "lst", statuses.encoded()));
    TokenSigner signer = keys.signer(SigningAlgorithm.EDDSA).join();
    return signer.signStatement(
        JwtType.STATUS_LIST, new String(Json.write(claims), StandardCharsets.UTF_8));
  }
}
