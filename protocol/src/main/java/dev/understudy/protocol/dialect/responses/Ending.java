package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.neutral.Finish;

/**
 * How an answer ended, in OpenAI's words.
 *
 * @param status such as {@code completed}
 * @param reason why it is {@code incomplete}; empty otherwise
 */
record Ending(String status, String reason) {

    /**
     * How an answer of another vendor ended.
     *
     * @param refused whether it says no in words
     */
    static Ending of(Finish finish, boolean refused) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, OTHER -> new Ending("completed", "");
            case LENGTH -> new Ending("incomplete", "max_output_tokens");
            case CONTENT_FILTER -> new Ending("incomplete", "content_filter");
            // A refusal is a content here; one without words is what OpenAI's own filter leaves behind.
            case REFUSAL -> refused ? new Ending("completed", "") : new Ending("incomplete", "content_filter");
            case PAUSE -> new Ending("incomplete", finish.word());
            case BREAKDOWN -> new Ending("failed", "");
        };
    }

    /** @param calls whether the answer asks for tools; no word of OpenAI's says so */
    Finish finish(boolean calls) {
        return switch (status) {
            case "incomplete" ->
                switch (reason) {
                    case "max_output_tokens" -> Finish.of(Finish.Reason.LENGTH, reason);
                    case "content_filter" -> Finish.of(Finish.Reason.CONTENT_FILTER, reason);
                    default -> Finish.of(Finish.Reason.OTHER, reason.isEmpty() ? status : reason);
                };
            case "completed", "" -> Finish.of(calls ? Finish.Reason.TOOL_CALLS : Finish.Reason.STOP, status);
            // A background response is asked for again later.
            case "queued", "in_progress" -> Finish.of(Finish.Reason.PAUSE, status);
            case "failed", "cancelled" -> Finish.of(Finish.Reason.BREAKDOWN, status);
            default -> Finish.of(Finish.Reason.OTHER, status);
        };
    }

    boolean isFailed() {
        return status.equals("failed");
    }
}
