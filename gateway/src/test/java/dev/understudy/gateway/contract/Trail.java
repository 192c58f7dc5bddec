package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import java.util.List;

/** The headers by which every answer to a call tells what happened to it, read strictly. */
record Trail(List<StructuredList.Item> items) {

    /** Reads the headers; they must be there, well-formed, and agree with one another. */
    static Trail of(RawAnswer answer) {
        assertThat(answer.header("understudy-call-id"))
                .as("%s", answer)
                .hasValueSatisfying(id -> assertThat(id).matches("call-[0-9a-z]{10,40}"));
        Trail trail =
                new Trail(StructuredList.parse(answer.header("understudy-trail").orElseThrow()));
        long attempts = trail.items().stream()
                .filter(item -> !"passed_over".equals(item.parameters().get("outcome")))
                .count();
        assertThat(answer.header("understudy-attempts")).contains(Long.toString(attempts));
        return trail;
    }

    /** Each target with what became of it, such as {@code one/m ok}. */
    List<String> outcomes() {
        return items.stream()
                .map(item -> item.value() + " " + item.parameters().get("outcome"))
                .toList();
    }

    /** The vocabulary of the request's fallback options; empty if none is named. */
    String askedIn() {
        return items.getLast().parameters().getOrDefault("asked-in", "");
    }
}
