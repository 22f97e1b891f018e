package dev.relayauth.common.net;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address or a CIDR block (RFC 4632, RFC 4291 §2.3), of either family. An IPv4-mapped IPv6
 * address is the IPv4 address it maps.
 */
public record IpBlock(Address network, int bits) {
  private static final Pattern DOTTED =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern COLONS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9]\\d{0,2}");
  private static final int MAPPED_BITS = 96;

  /** The octets of an address: 4 or 16. */
  public record Address(byte[] octets) {
    /** Reads a literal; never asks a name server. */
    public static Optional<Address> parse(String text) {
      boolean literal =
          text.indexOf(':') >= 0 ? COLONS.matcher(text).matches() : DOTTED.matcher(text).matches();
      if (!literal) {
        return Optional.empty();
      }
      try {
        return Optional.of(new Address(InetAddress.ofLiteral(text).getAddress()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Address other && Arrays.equals(octets, other.octets);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(octets);
    }
  }

  /** Reads {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code ::1} or {@code 2001:db8::/32}. */
  public static Optional<IpBlock> parse(String text) {
    int slash = text.indexOf('/');
    Optional<Address> address = Address.parse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int most = address.get().octets.length * 8;
    if (slash < 0) {
      return Optional.of(new IpBlock(address.get(), most));
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches()) {
      return Optional.empty();
    }
    boolean mapped = most == 32 && text.indexOf(':') >= 0;
    int bits = Integer.parseInt(length) - (mapped ? MAPPED_BITS : 0);
    return bits < 0 || bits > most
        ? Optional.empty()
        : Optional.of(new IpBlock(address.get(), bits));
  }

  /** Whether the address is of this block; one of the other family never is. */
  public boolean contains(Address address) {
    byte[] mine = network.octets;
    byte[] theirs = address.octets;
    if (mine.length != theirs.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff) >>> (8 - rest) == 0;
  }
}
