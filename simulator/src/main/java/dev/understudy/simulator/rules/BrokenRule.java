package dev.understudy.simulator.rules;

import java.io.Serial;

/** The engine violated one of its rules. */
public final class BrokenRule extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int rule;
    private final String what;

    BrokenRule(int rule, String what) {
        super("rule " + rule + ": " + what);
        this.rule = rule;
        this.what = what;
    }

    /** Its number, from 1 to 11. */
    public int rule() {
        return rule;
    }

    /** Which rule, and how it was broken. */
    public String what() {
        return "rule " + rule + ": " + what;
    }

    /** @throws BrokenRule unless the condition holds */
    public static void unless(boolean condition, int rule, String what) {
        if (!condition) {
            throw new BrokenRule(rule, what);
        }
    }
}
