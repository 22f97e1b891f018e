package dev.relayauth.common.outbound;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where messages of ours may be sent that an organisation names the receiver of: to addresses of
 * the public Internet, and to the private {@code host:port} pairs that the operator vouches for.
 */
public final class Destinations {
  private static final int MAX_URL = 2_048;
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final List<String> PRIVATE_NAMES =
      List.of("localhost", "local", "internal", "lan", "home.arpa", "localdomain");

  private final Set<String> vouchedFor;

  /** With the pairs that the operator vouches for. */
  public Destinations(Collection<String> vouchedFor) {
    this.vouchedFor =
        vouchedFor.stream()
            .map(pair -> pair.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** A URL taken apart. */
  public record Destination(URI uri, String host, int port, boolean tls) {
    /** The path and query, as a request line has them. */
    public String target() {
      String path = uri.getRawPath();
      String query = uri.getRawQuery();
      return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }
  }

  /** Takes a URL apart; empty when it is none that a receiver may have. */
  public static Optional<Destination> parse(String url) {
    if (url.length() > MAX_URL) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(url);
      boolean tls = "https".equalsIgnoreCase(uri.getScheme());
      boolean plain = "http".equalsIgnoreCase(uri.getScheme());
      String host = uri.getHost();
      if ((!tls && !plain) || host == null || uri.getRawUserInfo() != null) {
        return Optional.empty();
      }
      int port = uri.getPort() < 0 ? (tls ? HTTPS : HTTP) : uri.getPort();
      if (port < 1 || port > 65_535) {
        return Optional.empty();
      }
      return Optional.of(new Destination(uri, normalised(host), port, tls));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Whether the name alone is reason to refuse. */
  public boolean isPrivateName(Destination to) {
    return !isVouchedFor(to)
        && PRIVATE_NAMES.stream()
            .anyMatch(name -> to.host().equals(name) || to.host().endsWith("." + name));
  }

  /** Whether a message may go there, where its name leads to {@code address}. */
  public boolean mayReach(Destination to, InetAddress address) {
    return isVouchedFor(to) || isPublic(address);
  }

  private boolean isVouchedFor(Destination to) {
    return vouchedFor.contains(to.host() + ":" + to.port());
  }

  private static String normalised(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String lower = bare.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Whether an address is of the public Internet (IANA special-purpose registries). */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return switch (address) {
      case Inet4Address four -> isPublic(four.getAddress());
      case Inet6Address six -> isPublicSix(six.getAddress());
      default -> false;
    };
  }

  private static boolean isPublic(byte[] four) {
    int a = four[0] & 0xff;
    int b = four[1] & 0xff;
    boolean shared = a == 100 && b >= 64 && b < 128;
    boolean protocol = a == 192 && b == 0 && four[2] == 0;
    boolean benchmark = a == 198 && (b == 18 || b == 19);
    return a != 0 && a < 240 && !shared && !protocol && !benchmark;
  }

  private static boolean isPublicSix(byte[] six) {
    // fc00::/7 is unique local; 2001::/32 and 100::/64 lead nowhere we want to go.
    boolean local = (six[0] & 0xfe) == 0xfc;
    boolean teredo = starts(six, 0x20, 0x01, 0, 0);
    boolean discard = starts(six, 0x01, 0, 0, 0, 0, 0, 0, 0);
    if (local || teredo || discard) {
      return false;
    }
    // Addresses that carry another one: it is that which counts.
    if (starts(six, 0x20, 0x02)) {
      return isPublicEmbedded(six, 2);
    }
    boolean nat64 = starts(six, 0, 0x64, 0xff, 0x9b);
    boolean compatible = starts(six, 0, 0, 0, 0, 0, 0, 0, 0);
    return nat64 || compatible ? isPublicEmbedded(six, 12) : true;
  }

  private static boolean isPublicEmbedded(byte[] six, int at) {
    try {
      return isPublic(InetAddress.getByAddress(Arrays.copyOfRange(six, at, at + 4)));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean starts(byte[] address, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((address[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
