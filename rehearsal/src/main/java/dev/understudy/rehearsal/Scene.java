package dev.understudy.rehearsal;

/** How an act answers. */
@FunctionalInterface
interface Scene {

    /**
     * @throws BadCue if a parameter does not fit
     */
    Script write(Cue cue);
}
