package dev.understudy.engine;

/** What a call tells its driver to do in answer to a signal, in the order given. */
public sealed interface Command {

    /** Send the request to a target, in the form that the kind of attempt needs. */
    record Start(int attempt, Step step, AttemptKind attemptKind) implements Command {}

    /** End an attempt at once and release its connection; its later signals are ignored. */
    record Cancel(int attempt) implements Command {}

    /**
     * What this attempt brings until its first content, its reasoning, may reach the caller as it comes. That commits the
     * reasoning only: if the attempt fails, another one answers behind it in the same stream. While another attempt is in
     * flight beside it no more of it may be forwarded, until this command comes again or the attempt brings content.
     */
    record Preview(int attempt) implements Command {}

    /** From here on this attempt's bytes are the caller's: forward what was held back, then all that follows. */
    record Commit(int attempt) implements Command {}

    /**
     * From here on this attempt continues the stream of which the caller has the beginning: repeated text is removed, or, for
     * {@link AttemptKind#RESTART}, a mark says that the answer begins anew.
     */
    record Continue(int attempt) implements Command {}

    /** Send {@link Signal.Due} at this time. Replaces any earlier time. */
    record WakeAt(long at) implements Command {}

    /** The last command of a call. There is exactly one. */
    sealed interface Terminal extends Command {}

    /** This attempt's answer is the call's: hand it over, or end the stream that was committed. */
    record Deliver(int attempt) implements Terminal {}

    /** No target could answer: send the caller an error, in the stream if one was committed. */
    record GiveUp(Verdict verdict) implements Terminal {}

    /** The caller has disconnected: nothing is sent. */
    record Abandon() implements Terminal {}
}
