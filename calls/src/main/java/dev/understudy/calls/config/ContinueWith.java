package dev.understudy.calls.config;

import dev.understudy.protocol.recovery.ContinuationForm;

/** The form of the request that has a target continue an answer which another target began. */
public enum ContinueWith implements WireNamed {
    PREFILL("prefill", ContinuationForm.PREFILL),
    PREFIX("prefix", ContinuationForm.PREFIX),
    FINAL_MESSAGE("final-message", ContinuationForm.FINAL_MESSAGE),
    TURN("turn", ContinuationForm.TURN);

    private final String wireName;
    private final ContinuationForm form;

    ContinueWith(String wireName, ContinuationForm form) {
        this.wireName = wireName;
        this.form = form;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    public ContinuationForm form() {
        return form;
    }
}
