package dev.relayauth.identity.adapter.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.error.ErrorCode;
import dev.relayauth.common.error.RefusedException;
import dev.relayauth.common.http.CurrentRequest;
import dev.relayauth.common.http.Errors;
import dev.relayauth.common.http.Problem;
import dev.relayauth.common.http.RequiresScope;
import dev.relayauth.common.http.Violations;
import dev.relayauth.common.json.Json;
import dev.relayauth.identity.adapter.postgres.BatchCreation;
import dev.relayauth.identity.adapter.postgres.BatchCreation.Outcome;
import dev.relayauth.identity.adapter.postgres.IdentityDraft;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/identities:batch}, for people who arrive with a fleet. The bound on every body holds
 * here too: a thousand plain identities fit into 256 KiB, more goes into several calls.
 */
@Path("/v1/identities:batch")
@RunOnVirtualThread
public final class IdentityBatchResource {
  private static final int MAX_ITEMS = 1_000;

  private final BatchCreation batch;
  private final CurrentRequest request;
  private final InstantSource clock;

  IdentityBatchResource(BatchCreation batch, CurrentRequest request, InstantSource clock) {
    this.batch = batch;
    this.request = request;
    this.clock = clock;
  }

  /**
   * What became of one.
   *
   * @param index its place in the request
   * @param status what a request of its own would have been answered with
   */
  public record Result(
      int index,
      int status,
      @Nullable IdentityView identity,
      @Nullable Map<String, Object> problem) {}

  /** What became of all. */
  public record Answer(int created, int failed, List<Result> results) {}

  private sealed interface Item {
    record Readable(IdentityDraft draft) implements Item {}

    record Unreadable(RefusedException refusal) implements Item {}
  }

  /** Creates each that can be created: {@code {"identities": […]}}, or the list alone. */
  @POST
  @RequiresScope("relayauth:identity:manage")
  public Answer create(@Nullable JsonNode body) {
    Bodies.required(body);
    List<Item> items = new ArrayList<>();
    items(body).forEach(node -> items.add(read(node)));
    List<IdentityDraft> drafts = new ArrayList<>();
    for (Item item : items) {
      if (item instanceof Item.Readable readable) {
        drafts.add(readable.draft());
      }
    }
    BatchCreation.Outcomes made = batch.create(drafts, request);
    if (made.sequence() > 0) {
      request.wrote(made.sequence());
    }
    return answer(items, made.outcomes());
  }

  private static JsonNode items(@Nullable JsonNode body) {
    JsonNode items = body == null || body.isArray() ? body : body.get("identities");
    new Violations()
        .check(items != null && items.isArray(), "/identities", "must be a list")
        .check(
            items == null || items.size() <= MAX_ITEMS,
            "/identities",
            "may have " + MAX_ITEMS + " items at most")
        .check(items == null || !items.isEmpty(), "/identities", "needs an item")
        .throwIfAny();
    return items == null ? Json.MAPPER.createArrayNode() : items;
  }

  private Item read(JsonNode node) {
    try {
      IdentityBody body = Json.MAPPER.treeToValue(node, IdentityBody.class);
      Bodies.required(body);
      Bodies.sameOrganization(body.orgId(), request.tenant());
      return new Item.Readable(body.draft(null, clock.instant()));
    } catch (JsonProcessingException e) {
      return new Item.Unreadable(Errors.malformed(e));
    } catch (RefusedException e) {
      return new Item.Unreadable(e);
    }
  }

  private Answer answer(List<Item> items, List<Outcome> outcomes) {
    List<Result> results = new ArrayList<>();
    var remaining = outcomes.iterator();
    int created = 0;
    for (Item item : items) {
      Outcome outcome =
          switch (item) {
            case Item.Readable ignored -> remaining.next();
            case Item.Unreadable unreadable -> new Outcome.Refused(unreadable.refusal());
          };
      results.add(result(results.size(), outcome));
      created += outcome instanceof Outcome.Created ? 1 : 0;
    }
    return new Answer(created, items.size() - created, results);
  }

  private Result result(int index, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Created made -> new Result(index, 201, IdentityView.of(made.view()), null);
      case Outcome.Refused refused -> {
        ErrorCode code = refused.refusal().code();
        Problem problem =
            Problem.of(
                code,
                refused.refusal().detail(),
                request.path(),
                request.id(),
                refused.refusal().members());
        yield new Result(index, code.status(), null, problem.members());
      }
    };
  }
}
