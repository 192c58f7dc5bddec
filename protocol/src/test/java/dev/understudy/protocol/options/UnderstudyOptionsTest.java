package dev.understudy.protocol.options;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Recovery;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import dev.understudy.protocol.options.FallbackOptions.Override;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnderstudyOptionsTest {

    @Test
    void everyWordIsUnderstood() throws BadRequest {
        FallbackOptions options = Request.with("""
                "understudy": {
                  "fallbacks": ["b", {"model": "c", "timeout": "10s", "temperature": 0.10, "stop": ["é\\n"]}],
                  "deadline": "1.5m",
                  "fallback_on": ["content-policy"],
                  "timeouts": {"connect": "250ms", "first-token": "5s", "idle": "2s", "answer": "30s",
                               "reasoning": "2m", "when_late": "cancel"},
                  "retry": {"attempts": 2, "base": "0s", "cap": "1s", "patience": "3s"},
                  "stream": {"commit": "complete", "recovery": "terminate", "keep_alive": "5s",
                             "tool_calls": "live"},
                  "accept": {"empty": true, "json": true, "tools": false, "min_length": 2000,
                             "matches": "(?i)^\\\\s*yes|no"},
                  "hedging": false,
                  "trail": true
                }""").options();
        assertThat(options.vocabulary()).isEqualTo("understudy");
        assertThat(options.fallbacks().orElseThrow())
                .containsExactly(
                        Fallback.of("b"),
                        new Fallback(
                                "c",
                                Optional.of(ofSeconds(10)),
                                List.of(new Override("temperature", "0.10"), new Override("stop", "[\"é\\n\"]"))));
        assertThat(options.limits().deadline()).contains(ofSeconds(90));
        assertThat(options.limits().connect()).contains(ofMillis(250));
        assertThat(options.limits().firstToken()).contains(ofSeconds(5));
        assertThat(options.limits().idle()).contains(ofSeconds(2));
        assertThat(options.limits().answer()).contains(ofSeconds(30));
        assertThat(options.limits().reasoning()).contains(ofSeconds(120));
        assertThat(options.limits().whenLate()).contains(WhenLate.CANCEL);
        assertThat(options.fallbackOn()).contains(Set.of(FailureKind.CONTENT_POLICY));
        assertThat(options.retries()).isEqualTo(OptionalInt.of(2));
        assertThat(options.retryWaits())
                .isEqualTo(new FallbackOptions.RetryWaits(
                        Optional.of(ofSeconds(0)), Optional.of(ofSeconds(1)), Optional.of(ofSeconds(3))));
        assertThat(options.stream())
                .isEqualTo(new FallbackOptions.StreamOptions(
                        Optional.of(CommitPoint.COMPLETE),
                        Optional.of(Recovery.TERMINATE),
                        Optional.of(new KeepAliveInterval(Optional.of(ofSeconds(5)))),
                        Optional.of(ToolCallDelivery.LIVE)));
        assertThat(options.acceptEmpty()).contains(true);
        assertThat(options.accept())
                .isEqualTo(new FallbackOptions.AcceptOptions(
                        Optional.of(true),
                        Optional.of(false),
                        OptionalInt.of(2000),
                        Optional.of(AnswerPattern.of("(?i)^\\s*yes|no"))));
        assertThat(options.hedging()).contains(false);
        assertThat(options.trailInBody()).isTrue();
    }

    @Test
    void keysMayBeWrittenWithUnderscores() throws BadRequest {
        FallbackOptions options = Request.with("\"understudy\":{\"timeouts\":{\"first_token\":\"5s\"},"
                        + "\"stream\":{\"commit\":\"first_content\"}}")
                .options();
        assertThat(options.limits().firstToken()).contains(ofSeconds(5));
        assertThat(options.stream().commit()).contains(CommitPoint.FIRST_CONTENT);
        assertThat(Request.with("\"understudy\":{\"timeouts\":{\"first_token\":\"5s\",\"first-token\":\"6s\"}}")
                        .refusal())
                .hasMessageContaining("more than once");
    }

    @Test
    void overlapIsTheOldNameOfHedging() throws BadRequest {
        assertThat(Request.with("\"understudy\":{\"overlap\":false}").options().hedging())
                .contains(false);
    }

    @Test
    void keepAlivesMayBeSwitchedOff() throws BadRequest {
        assertThat(Request.with("\"understudy\":{\"stream\":{\"keep_alive\":\"off\"}}").options().stream()
                        .keepAlive())
                .contains(KeepAliveInterval.OFF);
    }

    @Test
    void anEmptyListOfFailuresIsAWishForNone() throws BadRequest {
        assertThat(Request.with("\"understudy\":{\"fallback_on\":[]}").options().fallbackOn())
                .contains(Set.of());
        assertThat(Request.with("\"understudy\":{\"deadline\":\"9s\"}")
                        .options()
                        .fallbackOn())
                .isEmpty();
    }

    @Test
    void anEmptyListIsAWishForNoFallback() throws BadRequest {
        assertThat(Request.with("\"understudy\":{\"fallbacks\":[]}").options().fallbacks())
                .contains(List.of());
        assertThat(Request.with("\"understudy\":{\"fallbacks\":null}").options().fallbacks())
                .isEmpty();
        assertThat(Request.with("\"understudy\":null").options()).isEqualTo(FallbackOptions.NONE);
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
        {"hedging":"yes"}                       | 'understudy.hedging' must be true or false, not a string
        {"timeouts":{"when_late":"wait"}}       | 'understudy.timeouts.when_late' is none of hedge, cancel
        {"timeouts":{"when-late":"cancle"}}     | did you mean cancel?
        {"timeouts":{"when_late":true}}         | 'understudy.timeouts.when_late' must be a name
        {"timeouts":{"reasoning":60}}           | 'understudy.timeouts.reasoning' must be a string with a unit
        {"stream":{"keep_alive":"10"}}          | 'understudy.stream.keep_alive' has no unit
        {"stream":{"keep_alive":"0s"}}          | is too short; it must be at least 100ms, or off for no keep-alive
        {"stream":{"keep_alive":"never"}}       | or off for no keep-alive at all
        {"stream":{"tool_calls":"partial"}}     | 'understudy.stream.tool_calls' is none of whole, live
        {"fallback_on":"content-policy"}        | 'understudy.fallback_on' must be a list
        {"fallback_on":["contentpolicy"]}       | 'understudy.fallback_on[0]' is none of content-policy; did you mean content-policy?
        {"fallback_on":["timeouts"]}            | is none of content-policy
        """)
    void slipsAreNamed(String said, String message) {
        assertThat(Request.with("\"understudy\":" + said).refusal()).hasMessageContaining(message);
    }

    @Test
    void aRefusalNamesItsFieldApart() {
        BadRequest refusal =
                Request.with("\"understudy\":{\"retry\":{\"attempts\":-1}}").refusal();
        assertThat(refusal.details().param()).isEqualTo("understudy.retry.attempts");
        assertThat(refusal.details().type()).isEqualTo("invalid_request_error");
    }

    @Test
    void anAddressInAFallbackIsRefused() {
        assertThat(Request.with("\"understudy\":{\"fallbacks\":[{\"model\":\"b\",\"base_url\":\"http://x\"}]}")
                        .refusal()
                        .details()
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
