package dev.understudy.rehearsal;

/** The acts that do not answer every request alike: they hand over to another act, or to {@code ok}. */
final class UnsteadyScenes {

    private UnsteadyScenes() {}

    static Script flaky(Cue cue) {
        Parameters parameters = cue.parameters();
        double chance = parameters.chance("p");
        int seed = parameters.number("seed", Integer.MAX_VALUE);
        Act failure = failure(cue);
        return play(cue.memory().happens(cue.request().model(), seed, chance) ? failure : Act.OK, cue);
    }

    static Script once(Cue cue) {
        String key = cue.parameters().text("key");
        Act failure = failure(cue);
        return play(cue.memory().isFirst(key.isEmpty() ? cue.request().model() : key) ? failure : Act.OK, cue);
    }

    /** Looked up for every request, so that a mistake shows before the first failure, and uses no chance up. */
    private static Act failure(Cue cue) {
        return Act.standIn(cue.parameters().text("as"));
    }

    private static Script play(Act act, Cue cue) {
        return act.play(cue.as(act));
    }
}
