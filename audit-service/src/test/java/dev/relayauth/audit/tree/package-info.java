@NullMarked
package dev.relayauth.audit.tree;

import org.jspecify.annotations.NullMarked;
