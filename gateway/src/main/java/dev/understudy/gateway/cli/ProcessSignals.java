package dev.understudy.gateway.cli;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * The operating system's signals to this process.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only access to them. It is called by reflection, because the compiler warns about its
 * use in a way that cannot be suppressed, and a Java runtime without the module {@code jdk.unsupported} lacks it.
 */
final class ProcessSignals {
    private ProcessSignals() {}

    /**
     * Calls an action at each signal, on a thread of its own, in place of what the JVM does with it.
     *
     * @param name such as {@code HUP}
     * @param action receives the number of the signal
     * @return false if the platform has no such signal, or the JVM leaves it to others ({@code -Xrs})
     */
    static boolean handle(String name, Consumer<Integer> action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object each = signal.getConstructor(String.class).newInstance(name);
            int number = (int) signal.getMethod("getNumber").invoke(each);
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.accept(number);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler).invoke(null, each, proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException absent) {
            return false;
        }
    }
}
