package dev.relayauth.common.revocation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Small numbers for organisations. Any thread may ask for a name; one thread at a time numbers. */
final class OrganizationNumbers {
  private final Map<String, Integer> numbers = new HashMap<>();
  private volatile String[] names = new String[0];

  int number(String org) {
    return numbers.computeIfAbsent(org, this::add);
  }

  private int add(String org) {
    int number = numbers.size();
    String[] known = names;
    if (number == known.length) {
      known = Arrays.copyOf(known, Math.max(16, number + number / 2));
    }
    known[number] = org;
    names = known;
    return number;
  }

  String name(int number) {
    return names[number];
  }
}
