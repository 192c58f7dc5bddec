package dev.understudy.gateway.rehearsal;

/** The acts that do not answer every request alike: they hand over to another act, or to {@code ok}. */
final class UnsteadyScenes {

    private UnsteadyScenes() {}

    static Script flaky(Cue cue) {
        Parameters parameters = cue.parameters();
        double chance = parameters.chance("p");
        int seed = parameters.number("seed", Integer.MAX_VALUE);
        boolean fails = cue.memory().happens(cue.request().model(), seed, chance);
        return playAs(fails, cue);
    }

    static Script once(Cue cue) {
        String key = cue.parameters().text("key");
        boolean first = cue.memory().isFirst(key.isEmpty() ? cue.request().model() : key);
        return playAs(first, cue);
    }

    private static Script playAs(boolean fails, Cue cue) {
        Act act = fails ? Act.standIn(cue.parameters().text("as")) : Act.OK;
        return act.scene().write(cue.as(act));
    }
}
