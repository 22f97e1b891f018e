package dev.relayauth.stack;

import java.util.Locale;

/** The five services. */
public enum ServiceName {
  IDENTITY,
  TOKEN,
  POLICY,
  AUDIT,
  REVOCATION;

  /** The name in configuration and on the command line, such as {@code identity}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The service of that slug.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ServiceName of(String slug) {
    for (ServiceName service : values()) {
      if (service.slug().equals(slug)) {
        return service;
      }
    }
    throw new IllegalArgumentException("there is no service '" + slug + "'");
  }
}
