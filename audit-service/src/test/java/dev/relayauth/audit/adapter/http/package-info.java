@NullMarked
package dev.relayauth.audit.adapter.http;

import org.jspecify.annotations.NullMarked;
