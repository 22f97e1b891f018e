@NullMarked
package dev.relayauth.audit;

import org.jspecify.annotations.NullMarked;
