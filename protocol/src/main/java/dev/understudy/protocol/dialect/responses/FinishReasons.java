package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.neutral.Finish;

/** Maps the status of a response, and the reason why it is incomplete, to the neutral finish reason and back. */
final class FinishReasons {
    private FinishReasons() {}

    /**
     * How a response ended.
     *
     * @param status such as {@code completed}
     * @param reason why it is {@code incomplete}; empty otherwise
     */
    record Status(String status, String reason) {

        /**
         * The status of an answer from another dialect.
         *
         * @param refused whether the answer has a refusal
         */
        static Status of(Finish finish, boolean refused) {
            return switch (finish.reason()) {
                case STOP, STOP_SEQUENCE, TOOL_CALLS, OTHER -> new Status("completed", "");
                // A paused turn is not complete, and OpenAI has no other reason for that.
                case LENGTH, PAUSE -> new Status("incomplete", "max_output_tokens");
                case CONTENT_FILTER -> new Status("incomplete", "content_filter");
                // A refusal is content here; without one, it is what OpenAI's content filter produces.
                case REFUSAL -> refused ? new Status("completed", "") : new Status("incomplete", "content_filter");
                case BREAKDOWN -> new Status("failed", "");
            };
        }

        /** @param calls whether the answer calls tools, for which OpenAI has no status */
        Finish finish(boolean calls) {
            return switch (status) {
                case "incomplete" ->
                    switch (reason) {
                        case "max_output_tokens" -> Finish.of(Finish.Reason.LENGTH, reason);
                        case "content_filter" -> Finish.of(Finish.Reason.CONTENT_FILTER, reason);
                        // Whatever the reason, the answer is not complete.
                        default -> Finish.of(Finish.Reason.LENGTH, reason.isEmpty() ? status : reason);
                    };
                case "completed", "" -> Finish.of(calls ? Finish.Reason.TOOL_CALLS : Finish.Reason.STOP, status);
                // A background response, which is polled.
                case "queued", "in_progress" -> Finish.of(Finish.Reason.PAUSE, status);
                case "failed", "cancelled" -> Finish.of(Finish.Reason.BREAKDOWN, status);
                default -> Finish.of(Finish.Reason.OTHER, status);
            };
        }

        boolean isFailed() {
            return status.equals("failed");
        }
    }
}
