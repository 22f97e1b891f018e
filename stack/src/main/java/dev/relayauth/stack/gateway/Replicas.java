package dev.relayauth.stack.gateway;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The copies of one service, taken in turn. */
final class Replicas {
  private final List<Replica> all;
  private final AtomicInteger turn = new AtomicInteger();

  Replicas(List<Replica> all) {
    this.all = List.copyOf(all);
  }

  List<Replica> all() {
    return all;
  }

  /** Every copy once: the available ones first, each call beginning with another. */
  Iterator<Replica> inTurn() {
    if (all.size() == 1) {
      return all.iterator();
    }
    int first = Math.floorMod(turn.getAndIncrement(), all.size());
    List<Replica> order = new ArrayList<>(all.size());
    List<Replica> away = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Replica replica = all.get((first + i) % all.size());
      (replica.isAvailable() ? order : away).add(replica);
    }
    order.addAll(away);
    return order.iterator();
  }
}
