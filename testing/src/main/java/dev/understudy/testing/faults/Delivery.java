package dev.understudy.testing.faults;

/** How the caller wants its answer. */
public enum Delivery {
    STREAM("stream"),
    WHOLE("whole");

    private final String word;

    Delivery(String word) {
        this.word = word;
    }

    /** The request, for a model or a target of this name. */
    public String request(String model) {
        String stream = this == STREAM ? ",\"stream\":true" : "";
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + stream + "}";
    }

    @Override
    public String toString() {
        return word;
    }
}
