package dev.understudy.engine;

/** What a call answers to a signal: something for the driver to do, in the order given. */
public sealed interface Command {

    /** Send the request to a target, in the form that the manner asks for. */
    record Start(int attempt, Step step, AttemptKind attemptKind) implements Command {}

    /** End an attempt at once and let its connection go; nothing more is expected of it. */
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
     * From here on this attempt goes on with the stream that the caller has the beginning of: what it repeats is removed,
     * or, if it was started in that manner, it is marked as a new beginning.
     */
    record Continue(int attempt) implements Command {}

    /** Send {@link Signal.Due} at this time. Takes the place of any earlier wish. */
    record WakeAt(long at) implements Command {}

    /** The last command of a call. There is exactly one. */
    sealed interface Terminal extends Command {}

    /** This attempt's answer is the call's: hand it over, or end the stream that was committed. */
    record Deliver(int attempt) implements Terminal {}

    /** Nobody could answer: tell the caller so, in the stream if one was committed. */
    record GiveUp(Verdict verdict) implements Terminal {}

    /** The caller has left: nobody is to be told anything. */
    record Abandon() implements Terminal {}
}
