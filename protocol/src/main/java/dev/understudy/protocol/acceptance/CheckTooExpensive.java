package dev.understudy.protocol.acceptance;

/** A check of an answer exceeded its {@link CheckBudget}. It says nothing about the answer. */
public final class CheckTooExpensive extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckTooExpensive() {
        super("the check exceeded its limits", null, false, false);
    }
}
