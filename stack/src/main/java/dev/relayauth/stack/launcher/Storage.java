package dev.relayauth.stack.launcher;

import java.util.Map;
import java.util.Optional;

/**
 * Where the services keep their data.
 *
 * @param ownPostgres whether the stack runs it
 * @param ownKafka whether the stack runs it
 */
record Storage(
    String jdbcUrl,
    String user,
    String password,
    String bootstrap,
    boolean ownPostgres,
    boolean ownKafka) {

  /** What the environment names; the stack's own servers, on the ports given, for the rest. */
  static Storage from(Map<String, String> environment, Ports ports) {
    Optional<String> url = named(environment, "RELAYAUTH_POSTGRES_URL");
    Optional<String> bootstrap = named(environment, "RELAYAUTH_KAFKA_BOOTSTRAP");
    return new Storage(
        url.orElseGet(() -> "jdbc:postgresql://127.0.0.1:" + ports.take() + "/relayauth"),
        named(environment, "RELAYAUTH_POSTGRES_USER").orElse("postgres"),
        named(environment, "RELAYAUTH_POSTGRES_PASSWORD").orElse(""),
        bootstrap.orElseGet(() -> "127.0.0.1:" + ports.take()),
        url.isEmpty(),
        bootstrap.isEmpty());
  }

  /** Of the stack's own PostgreSQL. */
  int postgresPort() {
    return portIn(jdbcUrl.substring(0, jdbcUrl.lastIndexOf('/')));
  }

  /** Of the stack's own Kafka. */
  int kafkaPort() {
    return portIn(bootstrap);
  }

  @Override
  public String toString() {
    return "Storage[" + jdbcUrl + ", " + bootstrap + "]";
  }

  private static int portIn(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static Optional<String> named(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
