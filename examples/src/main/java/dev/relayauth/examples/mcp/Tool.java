package dev.relayauth.examples.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relayauth.sdk.verify.VerifiedToken;
import java.util.function.BiFunction;

/**
 * Something that an agent may have done.
 *
 * @param scope what the agent's token must cover
 * @param work from the arguments and whose token it is to the text of the result
 */
public record Tool(
    String name,
    String description,
    String scope,
    BiFunction<JsonNode, VerifiedToken, String> work) {}
