package dev.relayauth.policy.adapter.authzen;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An action as a peer sends it (Authorization API 1.0 §5.3). */
record ActionBody(@Nullable String name, @Nullable Map<String, @Nullable Object> properties) {}
