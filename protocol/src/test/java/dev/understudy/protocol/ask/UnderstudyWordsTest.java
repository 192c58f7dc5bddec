package dev.understudy.protocol.ask;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Recovery;
import dev.understudy.protocol.ask.Ask.Fallback;
import dev.understudy.protocol.ask.Ask.Override;
import dev.understudy.protocol.json.BadRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnderstudyWordsTest {

    @Test
    void everyWordIsUnderstood() throws BadRequest {
        Ask ask = Request.with("""
                "understudy": {
                  "fallbacks": ["b", {"model": "c", "timeout": "10s", "temperature": 0.10, "stop": ["é\\n"]}],
                  "deadline": "1.5m",
                  "timeouts": {"connect": "250ms", "first-token": "5s", "idle": "2s"},
                  "retry": {"attempts": 2, "base": "0s", "cap": "1s", "patience": "3s"},
                  "stream": {"commit": "complete", "recovery": "terminate"},
                  "accept": {"empty": true, "json": true, "tools": false, "min_length": 2000,
                             "matches": "(?i)^\\\\s*yes|no"},
                  "overlap": false,
                  "trail": true
                }""").ask();
        assertThat(ask.vocabulary()).isEqualTo("understudy");
        assertThat(ask.fallbacks().orElseThrow())
                .containsExactly(
                        Fallback.of("b"),
                        new Fallback(
                                "c",
                                Optional.of(ofSeconds(10)),
                                List.of(new Override("temperature", "0.10"), new Override("stop", "[\"é\\n\"]"))));
        assertThat(ask.limits().deadline()).contains(ofSeconds(90));
        assertThat(ask.limits().connect()).contains(ofMillis(250));
        assertThat(ask.limits().firstToken()).contains(ofSeconds(5));
        assertThat(ask.limits().idle()).contains(ofSeconds(2));
        assertThat(ask.retries()).isEqualTo(OptionalInt.of(2));
        assertThat(ask.retryWaits())
                .isEqualTo(new Ask.RetryWaits(
                        Optional.of(ofSeconds(0)), Optional.of(ofSeconds(1)), Optional.of(ofSeconds(3))));
        assertThat(ask.stream())
                .isEqualTo(new Ask.StreamWish(Optional.of(CommitPoint.COMPLETE), Optional.of(Recovery.TERMINATE)));
        assertThat(ask.acceptEmpty()).contains(true);
        assertThat(ask.accept())
                .isEqualTo(new Ask.AcceptWish(
                        Optional.of(true),
                        Optional.of(false),
                        OptionalInt.of(2000),
                        Optional.of(AnswerPattern.of("(?i)^\\s*yes|no"))));
        assertThat(ask.overlap()).contains(false);
        assertThat(ask.trailInBody()).isTrue();
    }

    @Test
    void keysMayBeWrittenWithUnderscores() throws BadRequest {
        Ask ask = Request.with("\"understudy\":{\"timeouts\":{\"first_token\":\"5s\"},"
                        + "\"stream\":{\"commit\":\"first_content\"}}")
                .ask();
        assertThat(ask.limits().firstToken()).contains(ofSeconds(5));
        assertThat(ask.stream().commit()).contains(CommitPoint.FIRST_CONTENT);
        assertThat(Request.with("\"understudy\":{\"timeouts\":{\"first_token\":\"5s\",\"first-token\":\"6s\"}}")
                        .refusal())
                .hasMessageContaining("more than once");
    }

    @Test
    void anEmptyListIsAWishForNoFallback() throws BadRequest {
        assertThat(Request.with("\"understudy\":{\"fallbacks\":[]}").ask().fallbacks())
                .contains(List.of());
        assertThat(Request.with("\"understudy\":{\"fallbacks\":null}").ask().fallbacks())
                .isEmpty();
        assertThat(Request.with("\"understudy\":null").ask()).isEqualTo(Ask.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [1]                                     | 'understudy' must be an object, not a list
        {"falbacks":["b"]}                      | Did you mean 'fallbacks'?
        {"timeouts":{"firsttoken":"5s"}}        | Did you mean 'first-token'?
        {"deadline":30}                         | 'understudy.deadline' must be a string with a unit (ms, s, m, h), such as "30s"
        {"deadline":"30"}                       | 'understudy.deadline' has no unit; write a number with ms, s, m or h, such as 30s
        {"deadline":"soon"}                     | 'understudy.deadline' is not a duration
        {"deadline":"0s"}                       | 'understudy.deadline' must be above 0
        {"deadline":"-1s"}                      | 'understudy.deadline' is not a duration
        {"deadline":"999999999h"}               | too long
        {"fallbacks":"b"}                       | 'understudy.fallbacks' must be a list of models
        {"fallbacks":[1]}                       | 'understudy.fallbacks[0]' must be the name of a model
        {"fallbacks":["b",""]}                  | 'understudy.fallbacks[1]' must be a name, as a string that is not empty
        {"fallbacks":[null]}                    | 'understudy.fallbacks[0]'
        {"fallbacks":[{"timeout":"1s"}]}        | 'understudy.fallbacks[0]' has no 'model'
        {"fallbacks":[{"model":7}]}             | 'understudy.fallbacks[0].model' must be
        {"fallbacks":[{"model":"b","timeout":5}]} | 'understudy.fallbacks[0].timeout' must be a string with a unit
        {"fallbacks":[{"model":"b","stream":true}]} | decided for the whole call
        {"retry":{"attempts":-1}}               | 'understudy.retry.attempts' must be a whole number from 0 to 100
        {"retry":{"attempts":1.5}}              | whole number
        {"retry":{"attempts":1e999999999}}      | whole number
        {"stream":{"commit":"complet"}}         | did you mean complete?
        {"stream":{"recovery":"hope"}}          | is none of continue, restart, terminate
        {"accept":true}                         | 'understudy.accept' must be an object
        {"accept":{"jsn":true}}                 | 'understudy.accept.jsn' is not known. Did you mean 'json'?
        {"accept":{"json":"yes"}}               | 'understudy.accept.json' must be true or false, not a string
        {"accept":{"tools":1}}                  | 'understudy.accept.tools' must be true or false, not a number
        {"accept":{"empty":1}}                  | 'understudy.accept.empty' must be true or false, not a number
        {"accept":{"min_length":-1}}            | 'understudy.accept.min_length' must be a whole number from 0 to 1000000
        {"accept":{"min-length":1000001}}       | 'understudy.accept.min-length' must be a whole number from 0 to 1000000
        {"accept":{"matches":["a"]}}            | 'understudy.accept.matches' must be a regular expression, as a string, not a list
        {"accept":{"matches":"("}}              | 'understudy.accept.matches' is not a regular expression that RE2 can read: missing closing )
        {"accept":{"matches":"(?=a)"}}          | is not a regular expression that RE2 can read
        {"accept":{"matches":"((a{99}){99}){99}"}} | 'understudy.accept.matches' repeats too much
        {"overlap":"yes"}                       | 'understudy.overlap' must be true or false, not a string
        """)
    void slipsAreNamed(String said, String message) {
        assertThat(Request.with("\"understudy\":" + said).refusal()).hasMessageContaining(message);
    }

    @Test
    void aRefusalNamesItsFieldApart() {
        BadRequest refusal =
                Request.with("\"understudy\":{\"retry\":{\"attempts\":-1}}").refusal();
        assertThat(refusal.words().param()).isEqualTo("understudy.retry.attempts");
        assertThat(refusal.words().type()).isEqualTo("invalid_request_error");
    }

    @Test
    void anAddressInAFallbackIsRefused() {
        assertThat(Request.with("\"understudy\":{\"fallbacks\":[{\"model\":\"b\",\"base_url\":\"http://x\"}]}")
                        .refusal()
                        .words()
                        .code())
                .isEqualTo("upstream_url_not_allowed");
    }

    @Test
    void durationsHaveUnits() {
        assertThat(Durations.parse("1.5s")).isEqualTo(ofMillis(1500));
        assertThat(Durations.parse(" 250 ms ")).isEqualTo(ofMillis(250));
        assertThat(Durations.parse("0.25m")).isEqualTo(ofSeconds(15));
        assertThat(Durations.parse("2h")).isEqualTo(ofHours(2));
    }
}
