/** An MCP server whose tools need scopes, after the MCP authorization specification. */
@NullMarked
package dev.relayauth.examples.mcp;

import org.jspecify.annotations.NullMarked;
