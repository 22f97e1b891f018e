package dev.relayauth.common.outbox;

import java.sql.SQLException;

/** The database refused or is away. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String UNIQUE_VIOLATION = "23505";

  private final String state;

  /** Wraps what the driver said. */
  public StorageException(SQLException cause) {
    super(cause);
    this.state = String.valueOf(cause.getSQLState());
  }

  /** Whether a unique index refused the row. */
  public boolean isUniqueViolation() {
    return UNIQUE_VIOLATION.equals(state);
  }

  /** Whether a value that a client sent can't be stored (class 22), such as text with a NUL. */
  public boolean isInvalidValue() {
    return state.startsWith("22");
  }

  /**
   * Whether the same may well succeed later: the database is away (class 08, 57P, pool exhaustion),
   * or rolled this back in favour of another transaction (class 40), rather than refusing a
   * statement.
   */
  public boolean isUnavailable() {
    return state.startsWith("08")
        || state.startsWith("57")
        || state.startsWith("53")
        || state.startsWith("40")
        || state.equals("null");
  }
}
