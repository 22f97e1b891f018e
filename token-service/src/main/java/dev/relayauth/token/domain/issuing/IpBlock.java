package dev.relayauth.token.domain.issuing;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** An IP address or a CIDR block of either family (RFC 4632, RFC 4291 §2.3). */
record IpBlock(byte[] network, int bits) {
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");
  private static final int MAPPED_BITS = 96;

  /** The octets of a literal; never asks a name server. */
  static Optional<byte[]> address(String text) {
    try {
      return LITERAL.matcher(text).matches()
          ? Optional.of(InetAddress.ofLiteral(text).getAddress())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Optional<IpBlock> parse(String text) {
    int slash = text.indexOf('/');
    Optional<byte[]> network = address(slash < 0 ? text : text.substring(0, slash));
    if (network.isEmpty()) {
      return Optional.empty();
    }
    int most = network.get().length * 8;
    if (slash < 0) {
      return Optional.of(new IpBlock(network.get(), most));
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()) {
      return Optional.empty();
    }
    // An IPv4-mapped IPv6 address is read as the IPv4 address it maps.
    boolean mapped = most == 32 && text.indexOf(':') >= 0;
    int bits = Integer.parseInt(length) - (mapped ? MAPPED_BITS : 0);
    return bits < 0 || bits > most
        ? Optional.empty()
        : Optional.of(new IpBlock(network.get(), bits));
  }

  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int shift = 7 - bit % 8;
      if (((address[bit / 8] ^ network[bit / 8]) >> shift & 1) != 0) {
        return false;
      }
    }
    return true;
  }
}
