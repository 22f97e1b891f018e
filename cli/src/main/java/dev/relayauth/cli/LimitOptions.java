package dev.relayauth.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The limits of a budget that a command line names. */
final class LimitOptions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> MEMBERS =
      Set.of(
          "maxActionsPerHour",
          "maxCostPerDay",
          "maxCostPerMonth",
          "maxCostPerAction",
          "scopeCaps",
          "currency",
          "timezone",
          "window",
          "mode",
          "alertThreshold",
          "autoSuspend");

  @Option(names = "--actions-per-hour")
  private @Nullable Long actions;

  @Option(names = "--cost-per-day")
  private @Nullable BigDecimal day;

  @Option(names = "--cost-per-month")
  private @Nullable BigDecimal month;

  @Option(names = "--cost-per-action")
  private @Nullable BigDecimal single;

  @Option(
      names = "--scope-caps",
      description =
          "As JSON: [{\"scope\":\"stripe:orders:approve\",\"max\":10,\"window\":\"1h\"}].")
  private @Nullable String scopeCaps;

  @Option(names = "--currency", description = "Such as USD.")
  private @Nullable String currency;

  @Option(names = "--timezone", description = "Such as Europe/Oslo.")
  private @Nullable String timezone;

  @Option(names = "--window", description = "fixed or sliding.")
  private @Nullable String window;

  @Option(names = "--mode", description = "hard or shadow.")
  private @Nullable String mode;

  @Option(names = "--alert-at", description = "A share, 0 to 1.")
  private @Nullable BigDecimal alert;

  @Option(names = "--auto-suspend", negatable = true)
  private @Nullable Boolean autoSuspend;

  @Option(
      names = "--clear",
      paramLabel = "MEMBER",
      description = "Takes a limit away, by its name in the API, such as maxCostPerDay.")
  private List<String> cleared = List.of();

  @Option(names = "--none", description = "Takes all limits away.")
  private boolean none;

  /** Whether all limits go, and nothing else is said. */
  boolean isNone() {
    boolean isEmpty = named().isEmpty() && cleared.isEmpty();
    if (isEmpty != none) {
      throw new IllegalArgumentException("name the limits that are to change, or --none alone");
    }
    cleared.stream()
        .filter(member -> !MEMBERS.contains(member))
        .findFirst()
        .ifPresent(
            member -> {
              throw new IllegalArgumentException("--clear " + member + " is no limit");
            });
    return none;
  }

  /** Limits as they are, with what is named changed or taken away, and nothing else. */
  Map<String, Object> changed(JsonNode now) {
    ObjectNode limits = JSON.createObjectNode();
    now.properties().stream()
        .filter(member -> MEMBERS.contains(member.getKey()) && !member.getValue().isNull())
        .forEach(member -> limits.set(member.getKey(), member.getValue()));
    limits.remove(cleared);
    Body body = new Body();
    limits.properties().forEach(member -> body.with(member.getKey(), member.getValue()));
    named().forEach(body::with);
    return body.toMap();
  }

  private Map<String, Object> named() {
    return new Body()
        .with("maxActionsPerHour", actions)
        .with("maxCostPerDay", day)
        .with("maxCostPerMonth", month)
        .with("maxCostPerAction", single)
        .with("scopeCaps", scopeCaps == null ? null : json(scopeCaps))
        .with("currency", currency)
        .with("timezone", timezone)
        .with("window", window)
        .with("mode", mode)
        .with("alertThreshold", alert)
        .with("autoSuspend", autoSuspend)
        .toMap();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("--scope-caps is not JSON", e);
    }
  }
}
