package dev.relayauth.common.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.relayauth.common.outbound.Destinations.Destination;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
  private final Destinations destinations = new Destinations(List.of("hooks.example.test:8443"));
  private static final Destination ELSEWHERE =
      Destinations.parse("https://elsewhere.example.com/").orElseThrow();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:0:4136:e378::1",
        "100::1"
      })
  void aPrivateAddressIsOutOfReach(String address) throws UnknownHostException {
    assertThat(destinations.mayReach(ELSEWHERE, InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "2002:101:101::1"
      })
  void aPublicAddressIsNot(String address) throws UnknownHostException {
    assertThat(destinations.mayReach(ELSEWHERE, InetAddress.getByName(address))).isTrue();
  }

  @Test
  void onlyTheVeryPairThatTheOperatorVouchesForMayBePrivate() throws UnknownHostException {
    InetAddress inside = InetAddress.getByName("10.0.0.7");

    assertThat(
            destinations.mayReach(
                Destinations.parse("https://Hooks.example.test:8443/x").orElseThrow(), inside))
        .isTrue();
    assertThat(
            destinations.mayReach(
                Destinations.parse("https://hooks.example.test/x").orElseThrow(), inside))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/",
        "http://localhost./",
        "http://a.LOCALHOST:9/",
        "http://metadata.google.internal/",
        "http://printer.local/"
      })
  void aNameThatIsPrivateByItselfIsKnown(String url) {
    assertThat(destinations.isPrivateName(Destinations.parse(url).orElseThrow())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "https://u:p@example.com/",
        "http://exa mple.com/",
        "gopher://example.com",
        "http://example.com:99999/"
      })
  void whatIsNoUrlForAWebhookIsRefused(String url) {
    assertThat(Destinations.parse(url)).isEmpty();
  }
}
