package dev.relayauth.policy.adapter.http;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Many questions at once. */
public record BatchBody(
    @JsonAlias("items") @Nullable List<@Nullable AuthorizeBody> requests,
    @JsonAlias("at_least_as_fresh") @Nullable String atLeastAsFresh) {
  /** The most questions in one request. */
  public static final int MAX_REQUESTS = 1000;
}
