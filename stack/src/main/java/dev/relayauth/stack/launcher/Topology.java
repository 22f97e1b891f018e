package dev.relayauth.stack.launcher;

import dev.relayauth.stack.ServiceName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which copies of the services there are and where they listen.
 *
 * @param port of the gateway
 * @param balancers ports in front of the services that have more than one copy
 */
record Topology(int port, List<Copy> copies, Map<ServiceName, Integer> balancers) {

  Topology {
    copies = List.copyOf(copies);
    balancers = Map.copyOf(balancers);
  }

  /** One copy of a service. */
  record Copy(ServiceName service, String node, int port) {}

  static Topology of(Options options, Ports ports) {
    List<Copy> copies = new ArrayList<>();
    Map<ServiceName, Integer> balancers = new EnumMap<>(ServiceName.class);
    for (ServiceName service : ServiceName.values()) {
      int count = options.replicasOf(service);
      for (int i = 1; i <= count; i++) {
        copies.add(new Copy(service, service.slug() + "-" + i, ports.take()));
      }
      if (count > 1) {
        balancers.put(service, ports.take());
      }
    }
    return new Topology(options.port(), copies, balancers);
  }

  /** Where clients reach everything. */
  String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** Where the services reach each other: a copy itself, or a balancer before several. */
  Map<ServiceName, String> urls() {
    Map<ServiceName, String> urls = new EnumMap<>(ServiceName.class);
    for (Copy copy : copies) {
      int at = balancers.getOrDefault(copy.service(), copy.port());
      urls.put(copy.service(), "http://127.0.0.1:" + at);
    }
    return urls;
  }
}
