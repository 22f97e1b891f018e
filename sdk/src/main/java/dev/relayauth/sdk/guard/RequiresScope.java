package dev.relayauth.sdk.guard;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope that a caller of this route, or of every route of this class, must have. A name in
 * braces stands for a path parameter: {@code "relayfile:fs:read:/{path}"}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RequiresScope {
  /** {@code plane:resource:action[:path]}. */
  String value();
}
