package dev.relayauth.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code replay FILE}: has dead letters replayed, with the credentials of a running stack. */
public final class Replay {
  private Replay() {}

  /** The command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    JsonNode credentials = Json.MAPPER.readTree(Files.readString(Path.of(arguments[0])));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(credentials.get("baseUrl").asText() + "/v1/audit/dead-letters/replay"))
            .header("x-api-key", credentials.get("platformKey").asText())
            .POST(BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      System.out.println(answer.body());
      System.exit(answer.statusCode() == 200 ? 0 : 1);
    }
  }
}
