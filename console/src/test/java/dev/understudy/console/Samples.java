package dev.understudy.console;

import static dev.understudy.console.MockSettings.object;
import static dev.understudy.console.MockSettings.tree;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** Sample data: an hour in which one provider was overloaded. */
final class Samples {
    private Samples() {}

    static void fill(MockGateway gateway) {
        MockSettings settings = gateway.settings;
        settings.fileChain("assistant", """
                {"targets": ["openai/gpt-5.1", {"target": "anthropic/claude-sonnet-4-5", "timeouts": {"first-token": "20s"}}, "local/llama"],
                 "deadline": "30s"}""");
        settings.fileChain("thinker", """
                {"targets": ["anthropic/claude-opus-4-5", "openai/gpt-5.1"], "deadline": "4m"}""");
        settings.fileChain("drill", """
                {"targets": ["rehearsal/down", "rehearsal/ok"], "fallbacks": []}""");
        settings.fileFallbacks("openai/gpt-5.1-mini");
        settings.put("thinker", object("""
                {"targets": ["anthropic/claude-opus-4-5", "openai/gpt-5.1", "gemini/gemini-2.5-pro"], "on": true, "deadline": "4m",
                 "note": "Gemini as the last resort"}"""), "ann");
        settings.put("support", object("""
                {"targets": ["anthropic/claude-haiku-4-5", "openai/gpt-5.1-mini"], "on": true, "note": "for the help desk"}"""), "ben");
        gateway.models = (ArrayNode) tree("""
                [{"name": "openai/gpt-5.1", "provider": "openai", "context_window": 400000, "reasons": false},
                 {"name": "openai/gpt-5.1-mini", "provider": "openai", "context_window": 400000, "reasons": false},
                 {"name": "openai/o3", "provider": "openai", "context_window": 200000, "reasons": true},
                 {"name": "anthropic/claude-sonnet-4-5", "provider": "anthropic", "context_window": 200000, "reasons": false},
                 {"name": "anthropic/claude-opus-4-5", "provider": "anthropic", "context_window": 200000, "reasons": false},
                 {"name": "anthropic/claude-haiku-4-5", "provider": "anthropic", "context_window": 200000, "reasons": false},
                 {"name": "gemini/gemini-2.5-pro", "provider": "gemini", "context_window": 1048576, "reasons": true},
                 {"name": "local/llama", "provider": "local", "context_window": 128000, "reasons": false},
                 {"name": "rehearsal/ok", "provider": "rehearsal"}, {"name": "rehearsal/down", "provider": "rehearsal"}]""");
        settings.listPrice("openai/gpt-5.1", "{\"input\": \"1.25\", \"cached-input\": \"0.125\", \"output\": \"10\"}");
        settings.listPrice(
                "openai/gpt-5.1-mini", "{\"input\": \"0.25\", \"cached-input\": \"0.025\", \"output\": \"2\"}");
        settings.listPrice(
                "anthropic/claude-sonnet-4-5", "{\"input\": \"3\", \"cached-input\": \"0.3\", \"output\": \"15\"}");
        settings.listPrice("gemini/gemini-2.5-pro", "{}");
        settings.listPrice("local/llama", "{}");
        settings.filePrice("local/*", "{\"input\": \"0\", \"output\": \"0\"}");
        MockAccess.fill(gateway.access);
        gateway.health = health();
        gateway.overview = overview();
        Instant now = Instant.now();
        gateway.calls.addAll(List.of(
                rescued("call_01k8f3", now.minusSeconds(4)),
                plain("call_01k8f2", now.minusSeconds(9), "support", "anthropic/claude-haiku-4-5"),
                recovered("call_01k8f1", now.minusSeconds(21)),
                failed("call_01k8f0", now.minusSeconds(58)),
                plain("call_01k8ez", now.minusSeconds(70), "assistant", "anthropic/claude-sonnet-4-5"),
                left("call_01k8ey", now.minusSeconds(95)),
                plain("call_01k8ex", now.minusSeconds(120), "support", "anthropic/claude-haiku-4-5")));
    }

    /** The same with a group that a chain names. */
    static void fillWithGroup(MockGateway gateway) {
        fill(gateway);
        gateway.settings.fileGroup(
                "pool",
                "{\"strategy\": \"weighted\", \"members\": [{\"target\": \"local/llama\", \"weight\": 3}, \"openai/gpt-5.1\"]}");
        gateway.settings.fileChain("pooled", "{\"targets\": [\"pool\", \"anthropic/claude-sonnet-4-5\"]}");
    }

    private static ObjectNode call(String id, Instant at, String model, String json) {
        ObjectNode call = object("""
                {"caller": "team-search", "vocabulary": "", "stream": true, "ending": "answered", "status": 200, "target": null,
                 "ms": 0, "first_content_ms": null, "prompt_tokens": null, "completion_tokens": null, "cost_usd": null,
                 "attempts": 1, "rescued": false, "trail": [], "summary": ""}""");
        call.put("id", id).put("at", at.toString()).put("model", model);
        call.setAll(object(json));
        return call;
    }

    /** One retry, then a fallback while another target is cooling. */
    static ObjectNode rescued(String id, Instant at) {
        return call(id, at, "assistant", """
                {"target": "local/llama", "ms": 2310, "first_content_ms": 1270, "prompt_tokens": 812, "completion_tokens": 164,
                 "cost_usd": "0.0031", "attempts": 3, "rescued": true, "vocabulary": "openrouter",
                 "trail": [
                   {"target": "openai/gpt-5.1", "outcome": "overloaded", "kind": "primary", "attempt": 1, "start_ms": 0, "ms": 212,
                    "status": 503, "message": "The server is currently overloaded. Please try again later."},
                   {"target": "anthropic/claude-sonnet-4-5", "outcome": "passed_over", "reason": "cooling", "attempt": 0},
                   {"target": "openai/gpt-5.1", "outcome": "overloaded", "kind": "retry", "attempt": 2, "start_ms": 460, "ms": 388,
                    "status": 503, "message": "The server is currently overloaded. Please try again later."},
                   {"target": "local/llama", "outcome": "ok", "kind": "fallback", "attempt": 3, "start_ms": 850, "ms": 1460, "status": 200}],
                 "summary": "openai/gpt-5.1 was overloaded twice and anthropic/claude-sonnet-4-5 was cooling down; local/llama answered after 850 ms."}""");
    }

    static ObjectNode plain(String id, Instant at, String model, String target) {
        ObjectNode call = call(id, at, model, """
                {"ms": 1240, "first_content_ms": 410, "prompt_tokens": 402, "completion_tokens": 96, "cost_usd": "0.0012",
                 "summary": "The primary answered at the first attempt."}""");
        call.put("target", target);
        call.set("trail", tree("""
                [{"target": "%s", "outcome": "ok", "kind": "primary", "attempt": 1, "start_ms": 0, "ms": 1240, "status": 200}]""".formatted(target)));
        return call;
    }

    /** A hedge that lost, and a stream that was continued by another target. */
    private static ObjectNode recovered(String id, Instant at) {
        return call(id, at, "thinker", """
                {"target": "openai/gpt-5.1", "ms": 18400, "first_content_ms": 7100, "prompt_tokens": 3120, "completion_tokens": 1480,
                 "cost_usd": "0.0187", "attempts": 3, "rescued": true,
                 "trail": [
                   {"target": "anthropic/claude-opus-4-5", "outcome": "timeout_idle", "kind": "primary", "attempt": 1, "start_ms": 0, "ms": 12900,
                    "message": "no content for 5 s"},
                   {"target": "gemini/gemini-2.5-pro", "outcome": "cancelled", "kind": "hedge", "attempt": 2, "start_ms": 6000, "ms": 1100},
                   {"target": "openai/gpt-5.1", "outcome": "ok", "kind": "continuation", "attempt": 3, "start_ms": 12900, "ms": 5500, "status": 200}],
                 "summary": "The stream of anthropic/claude-opus-4-5 broke after the first content; openai/gpt-5.1 continued it."}""");
    }

    private static ObjectNode failed(String id, Instant at) {
        return call(id, at, "drill", """
                {"ending": "failed", "status": 503, "ms": 61, "attempts": 1, "caller": "ci",
                 "trail": [
                   {"target": "rehearsal/down", "outcome": "overloaded", "kind": "primary", "attempt": 1, "start_ms": 0, "ms": 58, "status": 503,
                    "message": "rehearsal: down"},
                   {"target": "rehearsal/ok", "outcome": "passed_over", "reason": "fallbacks_off", "attempt": 0}],
                 "summary": "rehearsal/down was overloaded, and fallbacks of this chain were off."}""");
    }

    private static ObjectNode left(String id, Instant at) {
        return call(id, at, "assistant", """
                {"ending": "caller_left", "status": 499, "ms": 820, "target": "openai/gpt-5.1",
                 "trail": [{"target": "openai/gpt-5.1", "outcome": "cancelled", "kind": "primary", "attempt": 1, "start_ms": 0, "ms": 820}],
                 "summary": "The caller closed the connection before the answer began."}""");
    }

    private static ObjectNode overview() {
        return object("""
                {"since": "2026-01-01T00:00:00Z", "calls": 12840, "answered": 12827, "rescued": 611, "failed": 4, "broken_off": 1, "caller_left": 8,
                 "added_ms": {"p50": 412, "p99": 4820}, "prompt_tokens": 9214000, "completion_tokens": 2120400, "cost_usd": "41.87",
                 "targets": [
                   {"target": "openai/gpt-5.1", "attempts": 9120, "answered": 8498, "failed": 622, "prompt_tokens": 6102000, "completion_tokens": 1402000, "cost_usd": "28.11"},
                   {"target": "anthropic/claude-sonnet-4-5", "attempts": 3214, "answered": 3199, "failed": 15, "prompt_tokens": 2412000, "completion_tokens": 590400, "cost_usd": "13.76"},
                   {"target": "local/llama", "attempts": 1130, "answered": 1130, "failed": 0, "prompt_tokens": 700000, "completion_tokens": 128000, "cost_usd": "0"}],
                 "log": {"kept": 12840, "dropped": 0, "state": "ok", "message": ""}}""");
    }

    static ObjectNode health() {
        Instant now = Instant.now();
        String recentGood = recent("ok", 14, "");
        return object("""
                {"now": "%s", "targets": [
                  {"target": "openai/gpt-5.1", "state": "cooling", "until": "%s", "scope": "target", "since": "%s", "reason": "overloaded",
                   "trips_in_a_row": 3, "binding": false, "configured": true, "callers_key": false, "success_rate": 0.71,
                   "first_token": {"samples": 200, "p50_ms": 620, "p95_ms": 2100}, "answer": {"samples": 40, "p50_ms": 2100, "p95_ms": 6100},
                   "recent": [%s]},
                  {"target": "anthropic/claude-sonnet-4-5", "state": "ready", "configured": true, "callers_key": false, "success_rate": 0.998,
                   "first_token": {"samples": 180, "p50_ms": 480, "p95_ms": 1400}, "answer": {"samples": 0}, "recent": [%s]},
                  {"target": "local/llama", "state": "ready", "trial_due": true, "scope": "provider", "since": "%s", "last_reason": "connection",
                   "trips_in_a_row": 1, "configured": true, "callers_key": false, "success_rate": 0.93,
                   "first_token": {"samples": 60, "p50_ms": 95, "p95_ms": 240}, "answer": {"samples": 0}, "recent": [%s]},
                  {"target": "anthropic/claude-opus-4-5", "state": "ready", "configured": true, "callers_key": false, "success_rate": 1.0,
                   "first_token": {"samples": 33, "p50_ms": 900, "p95_ms": 3100}, "answer": {"samples": 0}, "recent": [%s]},
                  {"target": "openai/gpt-5.1-mini", "state": "ready", "configured": true, "callers_key": false, "success_rate": 1.0,
                   "first_token": {"samples": 0}, "answer": {"samples": 0}, "recent": []}]}""".formatted(
                        now,
                        now.plusSeconds(43),
                        now.minusSeconds(17),
                        recent("overloaded", 4, recent("ok", 12, recent("overloaded", 2, ""))),
                        recentGood,
                        now.minusSeconds(30),
                        recent("connection", 1, recent("ok", 9, "")),
                        recent("ok", 6, "")));
    }

    static ObjectNode history() {
        Instant now = Instant.now();
        return object("""
                {"since": "%s", "now": "%s", "targets": [
                  {"target": "openai/gpt-5.1", "skipped": [
                    {"from": "%s", "until": "%s", "reason": "overloaded"}, {"from": "%s", "until": null, "reason": "overloaded"}]},
                  {"target": "local/llama", "skipped": [{"from": "%s", "until": "%s", "reason": "connection"}]}]}""".formatted(
                        now.minusSeconds(86_400),
                        now,
                        now.minusSeconds(40_000),
                        now.minusSeconds(35_000),
                        now.minusSeconds(17),
                        now.minusSeconds(9_000),
                        now.minusSeconds(8_400)));
    }

    private static String recent(String outcome, int times, String rest) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < times; i++) {
            json.append(i > 0 ? "," : "")
                    .append("{\"outcome\": \"%s\", \"ago_ms\": %d, \"duration_ms\": %d}"
                            .formatted(outcome, 900 * (i + 1), 400 + 31 * i));
        }
        return json + (rest.isEmpty() ? "" : "," + rest);
    }
}
