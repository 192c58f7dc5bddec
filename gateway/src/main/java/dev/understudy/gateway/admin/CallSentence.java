package dev.understudy.gateway.admin;

import dev.understudy.store.CallRecord;
import dev.understudy.store.CallRecord.Step;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Describes what happened in a call, in one plain sentence. */
final class CallSentence {
    private static final int MOST_STEPS = 8;

    private CallSentence() {}

    /** The sentence, with a full stop. */
    static String of(CallRecord call) {
        List<String> clauses = new ArrayList<>();
        List<Step> trail = call.trail();
        for (int i = 0; i < trail.size(); i++) {
            if (clauses.size() == MOST_STEPS && i < trail.size() - 1) {
                clauses.add((trail.size() - i) + " further steps followed");
                break;
            }
            clauses.add(clause(call, trail.get(i)));
        }
        String ending = ending(call);
        if (!ending.isEmpty()) {
            clauses.add(ending);
        }
        return String.join("; ", clauses) + ".";
    }

    private static String clause(CallRecord call, Step step) {
        return switch (step.state()) {
            case SKIPPED -> step.target() + " was skipped (" + plain(step.reason()) + ")";
            case FAILED -> step.target() + manner(step) + " failed (" + why(step) + ") after " + time(step.duration());
            case CANCELLED -> cancelled(call, step);
            case ANSWERED -> answered(call, step);
        };
    }

    /** How the attempt differs from a first one. */
    private static String manner(Step step) {
        return switch (step.kind()) {
            case "retry" -> ", tried again,";
            case "hedge" -> ", started beside a late attempt after " + time(step.start()) + ",";
            case "continuation" -> ", continuing the answer,";
            case "restart" -> ", answering from the start again,";
            default -> "";
        };
    }

    private static String why(Step step) {
        return plain(step.outcome())
                + (step.status().isPresent() ? ", status " + step.status().getAsInt() : "")
                + injected(step.drill());
    }

    private static String injected(String drill) {
        return switch (drill) {
            case "" -> "";
            case TryCalls.MARK -> ", a fault chosen in the console";
            default -> ", in the drill " + drill;
        };
    }

    private static String cancelled(CallRecord call, Step step) {
        boolean lost = call.trail().stream()
                .anyMatch(other -> other.state() == Step.State.ANSWERED && other.attempt() != step.attempt());
        String how = lost ? " was late and was cancelled after " : " was cancelled after ";
        return step.target() + manner(step) + how + time(step.duration());
    }

    private static String answered(CallRecord call, Step step) {
        String total = " after " + time(call.duration());
        return step.target()
                + switch (step.kind()) {
                    case "retry" -> " answered when it was tried again," + total;
                    case "hedge" -> ", started beside it after " + time(step.start()) + ", answered first," + total;
                    case "continuation" -> " continued the answer and completed it" + total;
                    case "restart" -> " answered from the start again and completed it" + total;
                    default -> " answered" + total;
                };
    }

    private static String ending(CallRecord call) {
        boolean tried = call.attempts() > 0;
        return switch (call.ending()) {
            case ANSWERED -> call.trail().isEmpty() ? "the call was answered after " + time(call.duration()) : "";
            case FAILED ->
                (tried ? "no target was left, and " : "no target could be tried, and ")
                        + "the caller received the error " + call.status() + " after " + time(call.duration());
            case BROKEN_OFF ->
                "no target could complete the stream, which ended with an error after " + time(call.duration());
            case CALLER_LEFT -> "the caller disconnected after " + time(call.duration());
        };
    }

    /** Names of the trail as prose: {@code rate_limited} is "rate limited". */
    private static String plain(String name) {
        return name.isEmpty() ? "no reason stated" : name.replace('_', ' ');
    }

    /** A duration as people write it. */
    private static String time(long micros) {
        long millis = (micros + 500) / 1000;
        return millis < 1000
                ? millis + " ms"
                : BigDecimal.valueOf(millis / 100, 1).toPlainString() + " s";
    }
}
