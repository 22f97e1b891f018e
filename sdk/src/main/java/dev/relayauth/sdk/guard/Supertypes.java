package dev.relayauth.sdk.guard;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A class with all that it extends and implements, and what stands for their type variables. */
final class Supertypes {
  private final Set<Class<?>> types = new LinkedHashSet<>();
  private final Map<TypeVariable<?>, Type> arguments = new HashMap<>();

  Supertypes(Class<?> type) {
    add(type);
  }

  private void add(@Nullable Type type) {
    if (type instanceof ParameterizedType parameterized) {
      Class<?> raw = (Class<?>) parameterized.getRawType();
      for (int i = 0; i < raw.getTypeParameters().length; i++) {
        arguments.put(raw.getTypeParameters()[i], parameterized.getActualTypeArguments()[i]);
      }
      add(raw);
    } else if (type instanceof Class<?> plain && types.add(plain)) {
      add(plain.getGenericSuperclass());
      Arrays.stream(plain.getGenericInterfaces()).forEach(this::add);
    }
  }

  Set<Class<?>> types() {
    return types;
  }

  /** The methods of {@code type}, one of these, that {@code method} is, overrides or implements. */
  List<Method> declarations(Class<?> type, Method method) {
    List<Class<?>> erased = List.of(method.getParameterTypes());
    List<Class<?>> taken = parameters(method);
    return Arrays.stream(type.getDeclaredMethods())
        .filter(each -> each.getName().equals(method.getName()))
        .filter(each -> !Modifier.isStatic(each.getModifiers()))
        // The erased ones are those of a bridge, should the method be one.
        .filter(
            each ->
                parameters(each).equals(taken) || List.of(each.getParameterTypes()).equals(erased))
        .toList();
  }

  /** What the method takes, seen from the class. */
  private List<Class<?>> parameters(Method method) {
    return Arrays.stream(method.getGenericParameterTypes()).<Class<?>>map(this::erased).toList();
  }

  private Class<?> erased(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof ParameterizedType parameterized) {
      return erased(parameterized.getRawType());
    }
    if (type instanceof GenericArrayType array) {
      return erased(array.getGenericComponentType()).arrayType();
    }
    if (type instanceof TypeVariable<?> variable) {
      Type argument = arguments.get(variable);
      return erased(argument == null ? variable.getBounds()[0] : argument);
    }
    return erased(((WildcardType) type).getUpperBounds()[0]);
  }
}
