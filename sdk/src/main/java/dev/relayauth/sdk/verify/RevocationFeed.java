package dev.relayauth.sdk.verify;

import dev.relayauth.common.revocation.RevocationSet;

/** What is known of revocations here, and whether that is recent enough to be believed. */
public interface RevocationFeed extends AutoCloseable {
  /** The entries in force. */
  RevocationSet entries();

  /** Whether everything committed up to less than the bound ago is in {@link #entries()}. */
  boolean isFresh();

  @Override
  void close();
}
