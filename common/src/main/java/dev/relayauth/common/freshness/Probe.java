package dev.relayauth.common.freshness;

/**
 * What a reader asks the owner of a feed: how far is the feed? It says at once how far the reader
 * is.
 *
 * @param verifier the unique name of the reading replica
 * @param topic the feed
 * @param applied the highest sequence the reader has applied
 */
public record Probe(String verifier, String topic, long applied) {

  /** The answer: the owner's highest committed sequence, read after the probe arrived. */
  public record Echo(long sequence) {}
}
