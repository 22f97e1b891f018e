package dev.relayauth.common.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.relayauth.common.event.BudgetLimits;
import dev.relayauth.common.event.IdentityState;
import dev.relayauth.common.json.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An identity in a tenth of the memory that its state takes: a million of them are held, and few
 * are asked for. Its organisation and id are not in it: who keeps it knows them. Each is equal to
 * itself alone, so that what was made of one can be remembered under it.
 */
public final class PackedIdentity {
  private static final IdentityState.Status[] STATUSES = IdentityState.Status.values();
  private static final IdentityState.Type[] TYPES = IdentityState.Type.values();

  private final byte[] bytes;

  /** Packs a state. */
  public PackedIdentity(IdentityState state) {
    PackedWriter out =
        new PackedWriter()
            .number(state.status().ordinal())
            .number(state.revision())
            .number(state.type().ordinal())
            .number(state.issuerScoped() ? 1 : 0)
            .text(state.name())
            .textOrNull(state.workspaceId())
            .texts(above(state))
            .textOrNull(state.sponsorId().equals(lastAbove(state)) ? null : state.sponsorId())
            .texts(state.scopes())
            .texts(state.roles())
            .map(state.metadata())
            .textOrNull(
                state.budget() == null ? null : new String(Json.write(state.budget()), UTF_8))
            .instantOrNull(state.expiresAt())
            .instantOrNull(state.suspendedAt())
            .textOrNull(state.suspendReason())
            .instantOrNull(state.createdAt())
            .instantOrNull(state.updatedAt());
    bytes = out.toBytes();
  }

  /** Where the identity stands. */
  public IdentityState.Status status() {
    return STATUSES[(int) new PackedReader(bytes).number()];
  }

  /** The sequence of the event that carried the state. */
  public long revision() {
    PackedReader in = new PackedReader(bytes);
    in.number();
    return in.number();
  }

  /** The state that was packed, of that organisation and id. */
  public IdentityState unpack(String org, String id) {
    PackedReader in = new PackedReader(bytes);
    IdentityState.Status status = STATUSES[(int) in.number()];
    long revision = in.number();
    IdentityState.Type type = TYPES[(int) in.number()];
    boolean issuerScoped = in.number() == 1;
    String name = in.text();
    String workspace = in.textOrNull();
    List<String> chain = in.texts();
    String sponsor = Objects.requireNonNullElseGet(in.textOrNull(), chain::getLast);
    chain.add(id);
    return new IdentityState(
        org,
        id,
        name,
        type,
        status,
        workspace,
        sponsor,
        chain,
        in.texts(),
        in.texts(),
        issuerScoped,
        in.map(),
        budget(in.textOrNull()),
        in.instantOrNull(),
        in.instantOrNull(),
        in.textOrNull(),
        Objects.requireNonNull(in.instantOrNull()),
        Objects.requireNonNull(in.instantOrNull()),
        revision);
  }

  private static @Nullable BudgetLimits budget(@Nullable String json) {
    return json == null ? null : Json.read(json.getBytes(UTF_8), BudgetLimits.class);
  }

  private static List<String> above(IdentityState state) {
    List<String> chain = state.sponsorChain();
    if (chain.isEmpty() || !chain.getLast().equals(state.id())) {
      throw new IllegalArgumentException("a chain ends with the identity itself");
    }
    return chain.subList(0, chain.size() - 1);
  }

  private static @Nullable String lastAbove(IdentityState state) {
    List<String> chain = state.sponsorChain();
    return chain.size() < 2 ? null : chain.get(chain.size() - 2);
  }
}
