package dev.relayauth.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives a module's tests one PostgreSQL, one Kafka and a {@link World}, shared by all of them. Use
 * it as {@code @QuarkusTestResource(value = LocalServers.class, initArgs = @ResourceArg(name =
 * "service", value = "policy"))}.
 */
public final class LocalServers implements QuarkusTestResourceLifecycleManager {
  private String service = "";

  @Override
  public void init(Map<String, String> arguments) {
    service = arguments.getOrDefault("service", "");
  }

  @Override
  public Map<String, String> start() {
    World world = World.start(service);
    Map<String, String> settings = new HashMap<>(world.settings());
    String port = Integer.toString(world.servicePort());
    settings.put("quarkus.http.test-port", port);
    settings.put("quarkus.http.host", "127.0.0.1");
    return settings;
  }

  @Override
  public void stop() {
    // The processes end with this JVM: the next test class uses them too.
  }
}
