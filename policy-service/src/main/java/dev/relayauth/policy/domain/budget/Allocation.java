package dev.relayauth.policy.domain.budget;

/** What was taken of a counter, and the bucket in which it counts. */
public record Allocation(String key, long bucket, long amount) {}
