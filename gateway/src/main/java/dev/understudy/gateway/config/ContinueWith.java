package dev.understudy.gateway.config;

import dev.understudy.protocol.recovery.ContinuationForm;

/** How a target is asked to go on with an answer that another one began. */
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
