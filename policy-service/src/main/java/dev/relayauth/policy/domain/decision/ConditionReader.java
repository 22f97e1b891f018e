package dev.relayauth.policy.domain.decision;

import dev.relayauth.common.event.PolicyState;
import dev.relayauth.common.event.PolicyState.Effect;
import dev.relayauth.common.net.IpBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the conditions of policies: types {@code time ip identity workspace sponsor depth token_age
 * attribute}, each with the operators and values that mean something for it. What it can't read is
 * refused, where a policy is written as well as where it is applied.
 */
public final class ConditionReader {
  /** Most conditions of a policy. */
  public static final int MAX_CONDITIONS = 32;

  static final int MAX_VALUES = 200;
  static final int MAX_TEXT = 256;

  private ConditionReader() {}

  /**
   * A condition that can't be read.
   *
   * @param member the member at fault, such as {@code value}
   */
  public record Fault(String member, String detail) {}

  /** What is wrong with a condition; empty when it can be read. */
  public static Optional<Fault> fault(
      @Nullable String type,
      @Nullable String attribute,
      @Nullable String operator,
      @Nullable Object value) {
    if (type == null) {
      return Optional.of(new Fault("type", "is required"));
    }
    if (operator == null) {
      return Optional.of(new Fault("operator", "is required"));
    }
    if (value == null) {
      return Optional.of(new Fault("value", "is required"));
    }
    try {
      read(new PolicyState.Condition(type, attribute, operator, value), Effect.deny);
      return Optional.empty();
    } catch (UnreadableConditionException e) {
      return Optional.of(new Fault(e.member(), e.detail()));
    }
  }

  /**
   * Reads a condition of a policy with that effect. A deny that names an identity or a workspace
   * binds the descendants of the identity or of whoever is in the workspace, and those they act
   * for. One of all workspaces but some binds them as well: nobody leaves a deny behind by making a
   * sub-agent where it doesn't hold. One of all identities but some, and every allow, looks at the
   * agent alone.
   *
   * @throws UnreadableConditionException when it is not one of ours
   */
  static Condition read(PolicyState.Condition written, Effect effect) {
    Operator operator =
        Operator.of(written.operator())
            .orElseThrow(
                () ->
                    new UnreadableConditionException(
                        "operator", "is one of eq, neq, in, not_in, gt, lt, matches"));
    if ((written.attribute() != null) != written.type().equals("attribute")) {
      throw new UnreadableConditionException(
          "attribute", "names the attribute of an attribute condition, and of no other");
    }
    List<Object> values = values(operator, written.value());
    if (effect == Effect.deny && operator.isNegative() && written.type().equals("workspace")) {
      return new Condition(written, elsewhere(values));
    }
    boolean inherited = effect == Effect.deny && !operator.isNegative();
    Condition.Test positive = test(written, operator, values, inherited);
    return new Condition(written, operator.isNegative() ? positive.negated() : positive);
  }

  /** The test of the operator's positive twin. */
  private static Condition.Test test(
      PolicyState.Condition written, Operator operator, List<Object> values, boolean inherited) {
    return switch (written.type()) {
      case "time" -> TimeConditions.read(operator, values);
      case "ip" -> ip(operator, values);
      case "identity" ->
          texts(
              operator,
              values,
              inherited ? Facts::identities : facts -> List.of(facts.agent().id()));
      case "workspace" ->
          texts(operator, values, inherited ? Facts::workspaces : ConditionReader::workspace);
      case "sponsor" -> texts(operator, values, ConditionReader::sponsors);
      case "depth" ->
          ValueConditions.numbers(operator, values, facts -> (long) facts.agent().depth());
      case "token_age" ->
          ValueConditions.numbers(
              operator,
              ValueConditions.seconds(values),
              facts -> facts.tokenAge() == null ? null : facts.tokenAge().toSeconds());
      case "attribute" -> ValueConditions.attribute(name(written), operator, values);
      default ->
          throw new UnreadableConditionException(
              "type",
              "is one of time, ip, identity, workspace, sponsor, depth, token_age, attribute");
    };
  }

  private static String name(PolicyState.Condition written) {
    String name = written.attribute();
    if (name == null || name.isBlank() || name.length() > MAX_TEXT) {
      throw new UnreadableConditionException("attribute", "is the name of an attribute");
    }
    return name;
  }

  /** Whether the agent, one above it or one who acts for it is in none of the workspaces. */
  private static Condition.Test elsewhere(List<Object> values) {
    List<String> spared = values.stream().map(ConditionReader::text).toList();
    return facts -> Finding.of(facts.places().stream().anyMatch(place -> !spared.contains(place)));
  }

  private static List<String> workspace(Facts facts) {
    String id = facts.agent().state().workspaceId();
    return id == null ? List.of() : List.of(id);
  }

  /** Everyone above the agent, the human among them. */
  private static List<String> sponsors(Facts facts) {
    List<String> chain = facts.agent().sponsorChain();
    return chain.subList(0, chain.size() - 1);
  }

  private static Condition.Test ip(Operator operator, List<Object> values) {
    if (operator == Operator.GT || operator == Operator.LT) {
      throw new UnreadableConditionException("operator", "an address is not greater or less");
    }
    List<IpBlock> blocks =
        values.stream()
            .map(
                value ->
                    Optional.of(value)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .flatMap(IpBlock::parse)
                        .orElseThrow(
                            () ->
                                new UnreadableConditionException(
                                    "value", "is an IP address or a CIDR block")))
            .toList();
    return facts -> {
      IpBlock.Address address = facts.context().ip();
      return address == null
          ? Finding.UNKNOWN
          : Finding.of(blocks.stream().anyMatch(block -> block.contains(address)));
    };
  }

  private static Condition.Test texts(
      Operator operator, List<Object> values, Function<Facts, List<String>> actual) {
    if (operator == Operator.GT || operator == Operator.LT) {
      throw new UnreadableConditionException("operator", "an id is not greater or less");
    }
    List<String> wanted = values.stream().map(ConditionReader::text).toList();
    if (operator == Operator.MATCHES) {
      Glob glob = new Glob(wanted.getFirst());
      return facts -> Finding.of(actual.apply(facts).stream().anyMatch(glob::matches));
    }
    return facts -> Finding.of(actual.apply(facts).stream().anyMatch(wanted::contains));
  }

  static String text(Object value) {
    if (value instanceof String text && !text.isEmpty() && text.length() <= MAX_TEXT) {
      return text;
    }
    throw new UnreadableConditionException("value", "is text of 1 to " + MAX_TEXT + " characters");
  }

  /** The values as a list: of one, unless the operator takes several. */
  private static List<Object> values(Operator operator, Object value) {
    if (!(value instanceof List<?> list)) {
      return List.of(value);
    }
    if (!operator.isList()) {
      throw new UnreadableConditionException("value", "is a list for in and not_in only");
    }
    if (list.isEmpty() || list.size() > MAX_VALUES) {
      throw new UnreadableConditionException("value", "has 1 to " + MAX_VALUES + " items");
    }
    List<Object> values = new ArrayList<>(list.size());
    for (Object item : list) {
      if (item == null) {
        throw new UnreadableConditionException("value", "has a null item");
      }
      values.add(item);
    }
    return List.copyOf(values);
  }
}
