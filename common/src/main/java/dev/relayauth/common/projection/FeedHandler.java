package dev.relayauth.common.projection;

import dev.relayauth.common.event.CloudEvent;

/**
 * Holds in memory what a compacted topic says. Called by one thread, in the order of the topic,
 * with every record from its beginning; a record may come twice.
 */
public interface FeedHandler {
  /** The topic it reads. */
  String topic();

  /**
   * Applies one event; kinds that don't concern it are ignored. An exception means that the record
   * can't be read: the projection then fails closed.
   */
  void apply(CloudEvent event);
}
