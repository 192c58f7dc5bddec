package dev.understudy.client.chain;

/** The two forms of a target that answers whole. */
sealed interface AsyncOrBlocking<Q, A> {
    record Blocking<Q, A>(BlockingTarget<Q, A> function) implements AsyncOrBlocking<Q, A> {}

    record Async<Q, A>(AsyncTarget<Q, A> function) implements AsyncOrBlocking<Q, A> {}
}
