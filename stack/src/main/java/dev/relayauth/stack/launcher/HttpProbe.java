package dev.relayauth.stack.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a server on the loopback address whether it serves. */
final class HttpProbe {
  private static final int LIMIT_MILLIS = 1_000;

  private HttpProbe() {}

  /** Whether a GET of that path is answered with 200. */
  static boolean isOk(int port, String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      connection.setConnectTimeout(LIMIT_MILLIS);
      connection.setReadTimeout(LIMIT_MILLIS);
      try {
        return connection.getResponseCode() == 200;
      } finally {
        connection.disconnect();
      }
    } catch (IOException away) {
      return false;
    }
  }
}
