package dev.relayauth.common.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The route is reached also by a caller of whom nobody can know whether its credential is revoked,
 * since the feed is stale; {@link CurrentRequest#isUnproven()} says so, and it answers with a deny
 * and nothing else. All other routes are refused to such a caller.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface DeniesWhenStale {}
