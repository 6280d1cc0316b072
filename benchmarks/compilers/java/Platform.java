import java.lang.reflect.*;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.*;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints what the resolver of Java knows of the platform: hybridgym/resolvers/java_platform.txt.
 *
 * <p>`java benchmarks/compilers/java/Platform.java > hybridgym/resolvers/java_platform.txt`, with JDK 17. The docstring
 * of hybridgym/resolvers/java_platform.py describes the lines.
 */
final class Platform {
    private static final List<String> PACKAGES = List.of(
            "java.io", "java.lang", "java.lang.annotation", "java.lang.ref", "java.lang.reflect", "java.math",
            "java.net", "java.nio", "java.nio.charset", "java.nio.file", "java.nio.file.attribute", "java.text",
            "java.time", "java.time.format", "java.time.temporal", "java.util", "java.util.concurrent",
            "java.util.concurrent.atomic", "java.util.concurrent.locks", "java.util.function", "java.util.regex",
            "java.util.stream");

    public static void main(String[] arguments) throws Exception {
        for (String name : PACKAGES) {
            System.out.println("package " + name);
            for (Class<?> type : types(name)) print(type);
        }
    }

    private static List<Class<?>> types(String name) throws Exception {
        var folder = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base", name.split("\\."));
        List<Class<?>> found = new ArrayList<>();
        List<String> files;
        try (Stream<java.nio.file.Path> paths = Files.list(folder)) {
            files = paths.map(path -> path.getFileName().toString()).filter(f -> f.endsWith(".class")).sorted().toList();
        }
        for (String file : files) {
            Class<?> type = Class.forName(name + "." + file.replace(".class", ""), false, null);
            if (isVisible(type)) found.add(type);
        }
        return found;
    }

    private static boolean isVisible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) return false;
        if (type.getName().startsWith("java.lang.Character$Unicode")) return false; // hundreds of constants
        boolean isOpen = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        return isOpen && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static void print(Class<?> type) {
        String kind = type.isAnnotationPresent(FunctionalInterface.class) ? "function" : type.isInterface() ? "interface"
                : Modifier.isFinal(type.getModifiers()) ? "final" : type.isEnum() ? "final" : "class";
        List<String> bases = new ArrayList<>();
        if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
            bases.add(written(superclass(type), type));
        }
        for (Type base : type.getGenericInterfaces()) {
            if (known((Class<?>) raw(base))) bases.add(written(base, type));
        }
        System.out.println(kind + " " + ownName(type) + variables(type, type) + " " + String.join(" ", bases));
        List<String> members = new ArrayList<>();
        Map<String, List<String>> fields = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            boolean isOpen = Modifier.isPublic(field.getModifiers()) || Modifier.isProtected(field.getModifiers());
            if (!isOpen || field.isSynthetic()) continue;
            fields.computeIfAbsent(written(field.getGenericType(), type), key -> new ArrayList<>()).add(field.getName());
        }
        fields.forEach((written, names) -> members.add(String.join(",", names) + ":" + written));
        Map<String, String> methods = new TreeMap<>();
        for (Method method : type.getDeclaredMethods()) {
            boolean isOpen = Modifier.isPublic(method.getModifiers()) || Modifier.isProtected(method.getModifiers());
            if (!isOpen || method.isSynthetic() || method.isBridge() || repeats(type, method)) continue;
            boolean isOwn = kind.equals("function") && Modifier.isAbstract(method.getModifiers());
            String sign = isOwn ? "!" : Modifier.isStatic(method.getModifiers()) ? "*"
                    : Modifier.isFinal(method.getModifiers()) ? "=" : "";
            String parameters = Arrays.stream(method.getGenericParameterTypes())
                    .map(parameter -> written(parameter, type)).collect(Collectors.joining(","));
            if (method.isVarArgs()) parameters = parameters.substring(0, parameters.length() - 2) + "...";
            methods.put(
                    method.getName() + "(" + parameters + ")",
                    sign + method.getName() + variables(method, type) + "(" + parameters + ")"
                            + written(method.getGenericReturnType(), type));
        }
        members.addAll(methods.values());
        if (!members.isEmpty()) System.out.println(" " + String.join(";", members));
    }

    private static Type superclass(Class<?> type) {
        Type base = type.getGenericSuperclass();
        while (!known((Class<?>) raw(base))) base = ((Class<?>) raw(base)).getGenericSuperclass();
        return base;
    }

    private static boolean known(Class<?> type) {
        return PACKAGES.contains(type.getPackageName()) && isVisible(type);
    }

    /** Says whether a supertype has a method already, with the same types. */
    private static boolean repeats(Class<?> type, Method method) {
        if (Modifier.isStatic(method.getModifiers()) || Modifier.isFinal(method.getModifiers())) return false;
        Deque<Class<?>> pending = new ArrayDeque<>();
        if (type.getSuperclass() != null) pending.add(type.getSuperclass());
        pending.addAll(List.of(type.getInterfaces()));
        if (type.isInterface()) pending.add(Object.class);
        while (!pending.isEmpty()) {
            Class<?> base = pending.poll();
            for (Method other : base.getDeclaredMethods()) {
                if (known(base) && !other.isBridge() && other.getName().equals(method.getName())
                        && Modifier.isPublic(other.getModifiers())
                        && Arrays.equals(other.getParameterTypes(), method.getParameterTypes())
                        && other.getGenericReturnType().toString().equals(method.getGenericReturnType().toString())
                        && method.getTypeParameters().length == 0
                        && Arrays.stream(base.getTypeParameters()).map(TypeVariable::getName).toList()
                                .equals(Arrays.stream(type.getTypeParameters()).map(TypeVariable::getName).toList())) {
                    return true;
                }
            }
            if (base.getSuperclass() != null) pending.add(base.getSuperclass());
            pending.addAll(List.of(base.getInterfaces()));
        }
        return false;
    }

    private static String variables(GenericDeclaration declaration, Class<?> asking) {
        if (declaration.getTypeParameters().length == 0) return "";
        return Arrays.stream(declaration.getTypeParameters())
                .map(variable -> {
                    Type bound = variable.getBounds()[0];
                    return variable.getName() + (bound == Object.class ? "" : ":" + written(bound, asking));
                })
                .collect(Collectors.joining(",", "<", ">"));
    }

    private static Type raw(Type type) {
        return type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type;
    }

    private static String written(Type type, Class<?> asking) {
        if (type instanceof Class<?> plain) {
            return plain.isArray() ? written(plain.getComponentType(), asking) + "[]" : name(plain, asking);
        }
        if (type instanceof ParameterizedType parameterized) {
            return written(parameterized.getRawType(), asking) + Arrays.stream(parameterized.getActualTypeArguments())
                    .map(argument -> written(argument, asking)).collect(Collectors.joining(",", "<", ">"));
        }
        if (type instanceof WildcardType wildcard) {
            if (wildcard.getLowerBounds().length > 0) return "-" + written(wildcard.getLowerBounds()[0], asking);
            return wildcard.getUpperBounds()[0] == Object.class ? "?" : "+" + written(wildcard.getUpperBounds()[0], asking);
        }
        if (type instanceof GenericArrayType array) return written(array.getGenericComponentType(), asking) + "[]";
        return ((TypeVariable<?>) type).getName();
    }

    private static String name(Class<?> type, Class<?> asking) {
        if (type.isPrimitive()) return type.getName();
        boolean isNear = type.getPackageName().equals(asking.getPackageName()) || type.getPackageName().equals("java.lang");
        return isNear ? ownName(type) : type.getCanonicalName();
    }

    private static String ownName(Class<?> type) {
        return type.getCanonicalName().substring(type.getPackageName().length() + 1);
    }
}
