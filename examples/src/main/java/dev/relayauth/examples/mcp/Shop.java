package dev.relayauth.examples.mcp;

import dev.relayauth.sdk.Secret;
import dev.relayauth.sdk.verify.TokenVerifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * A shop's MCP server: anybody with {@code stripe:orders:read} may look at orders, and it takes
 * {@code stripe:orders:refund} to give money back. Its address must be one of RelayAuth's {@code
 * relayauth.token.resources}.
 */
public final class Shop {
  private Shop() {}

  /**
   * Runs it: {@code RELAYAUTH_URL}, {@code RELAYAUTH_API_KEY}, {@code SHOP_ORG}, {@code SHOP_URL}.
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> environment = System.getenv();
    String issuer = environment.get("RELAYAUTH_URL");
    String key = environment.get("RELAYAUTH_API_KEY");
    String organization = environment.get("SHOP_ORG");
    String url = environment.get("SHOP_URL");
    if (issuer == null || key == null || organization == null || url == null) {
      throw new IllegalStateException(
          "set RELAYAUTH_URL, RELAYAUTH_API_KEY, SHOP_ORG and SHOP_URL");
    }
    start(new InetSocketAddress(8300), url, issuer, organization, new Secret(key));
  }

  /** Starts it for the agents of one organisation; {@code reader} may read revocations. */
  public static McpServer start(
      InetSocketAddress address, String url, String issuer, String organization, Secret reader)
      throws IOException {
    TokenVerifier verifier =
        TokenVerifier.builder()
            .issuer(issuer)
            .organization(organization)
            .audience(List.of(McpServer.resourceOf(url)))
            .revocationsBy(() -> reader)
            .build();
    return McpServer.start(address, url, issuer, verifier, tools());
  }

  private static List<Tool> tools() {
    return List.of(
        new Tool(
            "list_orders",
            "The open orders.",
            "stripe:orders:read",
            (arguments, agent) -> "order_1: 3 chairs"),
        new Tool(
            "refund_order",
            "Gives the money of an order back.",
            "stripe:orders:refund",
            (arguments, agent) ->
                arguments.path("order").asText()
                    + " refunded; "
                    + agent.human()
                    + " answers for it"));
  }
}
