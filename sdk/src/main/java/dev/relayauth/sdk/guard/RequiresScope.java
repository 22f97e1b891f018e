package dev.relayauth.sdk.guard;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope that a caller of this route, or of every route of this class, must have. A name in
 * braces stands for a path parameter: {@code "relayfile:fs:read:/{path}"}.
 *
 * <p>It holds for what overrides the method and for what extends or implements the type, as
 * {@code @GET} and {@code @Path} do (Jakarta REST 3.1 §3.6). A method's comes before a type's, an
 * overriding one before the one that it overrides, and a class's before an interface's. It says
 * nothing of a sub-resource that a method of the type returns: that class needs its own.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RequiresScope {
  /** {@code plane:resource:action[:path]}. */
  String value();
}
