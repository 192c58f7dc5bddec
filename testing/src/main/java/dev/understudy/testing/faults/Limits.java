package dev.understudy.testing.faults;

/** The one limit on time that a case is about; all others are far longer than any case takes. */
public enum Limits {
    NONE(""),
    CONNECT("connect: 300ms"),
    /** Of streamed answers the first token, of whole ones the answer. */
    SILENCE("first-token: 300ms, answer: 300ms"),
    IDLE("idle: 300ms");

    private final String setting;

    Limits(String setting) {
        this.setting = setting;
    }

    /** A configuration in which everybody has this limit, or only the first target. */
    public String configuration(boolean everybody) {
        return configuration(everybody, "continue");
    }

    /** The same with this recovery of streams that break. */
    public String configuration(boolean everybody, String recovery) {
        String limited =
                "{target: one/a, timeouts: {" + setting + (setting.isEmpty() ? "" : ", when-late: cancel") + "}}";
        String rest =
                everybody ? ", timeouts: {" + setting + (setting.isEmpty() ? "" : ", when-late: cancel") + "}" : "";
        return """
                defaults:
                  deadline: 60s
                  timeouts: {connect: 25s, first-token: 25s, idle: 25s, answer: 25s}
                  retry: {attempts: 1, base: 1ms, cap: 1ms}
                  stream: {recovery: %s}
                models:
                  chain: {targets: [%s, two/b, three/c]%s}
                """.formatted(recovery, everybody ? "one/a" : limited, rest);
    }
}
