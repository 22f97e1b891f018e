package dev.relayauth.token.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import org.jspecify.annotations.Nullable;

/** The body of a refresh. */
record RefreshBody(@JsonAlias("refresh_token") @Nullable String refreshToken) {
  @Override
  public String toString() {
    return "RefreshBody[redacted]";
  }
}
