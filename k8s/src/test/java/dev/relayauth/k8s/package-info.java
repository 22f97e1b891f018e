/** The Helm chart, rendered for each set of values and checked like the API server would. */
@NullMarked
package dev.relayauth.k8s;

import org.jspecify.annotations.NullMarked;
