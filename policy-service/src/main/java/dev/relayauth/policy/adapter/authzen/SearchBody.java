package dev.relayauth.policy.adapter.authzen;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A search as a peer sends it (Authorization API 1.0 §8). */
record SearchBody(
    @Nullable Entity subject,
    @Nullable Entity resource,
    @Nullable ActionBody action,
    @Nullable Map<String, @Nullable Object> context,
    @Nullable PageBody page) {
  /** Which part of the answer is wanted; {@code next_token} is how drafts spelled it. */
  record PageBody(@JsonAlias("next_token") @Nullable String token, @Nullable Integer limit) {}
}
