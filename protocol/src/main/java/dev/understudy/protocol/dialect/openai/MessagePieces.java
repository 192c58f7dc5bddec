package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** What one choice says, in a whole message or in a delta, whatever the order of its members. */
final class MessagePieces {
    private static final NameTable CHOICE = NameTable.of(
            "index", "finish_reason", "delta", "message", "logprobs", "error", "stop_reason", "matched_stop");
    private static final NameTable MESSAGE = NameTable.of(
            "content",
            "refusal",
            "tool_calls",
            "function_call",
            "audio",
            "images",
            "annotations",
            "reasoning",
            "reasoning_content",
            "reasoning_details",
            "thinking_blocks");
    private static final NameTable PART =
            NameTable.of("type", "text", "refusal", "thinking", "image_url", "url", "signature");
    private static final NameTable BLOCK = NameTable.of("thinking", "text", "summary", "signature", "data");
    private static final NameTable AUDIO = NameTable.of("id", "data", "transcript");
    private static final NameTable URL = NameTable.of("url");
    private static final NameTable ANNOTATION = NameTable.of("url_citation");
    private static final NameTable CITATION = NameTable.of("url", "title", "content", "start_index", "end_index");

    /** More choices than any provider gives. */
    private static final int HIGHEST_INDEX = 1023;

    /** A block of thoughts, or a piece of one. */
    record Block(String text, String signature, String hidden) {}

    final StringBuilder text = new StringBuilder();
    final StringBuilder refusal = new StringBuilder();
    final List<Block> blocks = new ArrayList<>();
    final List<CallPiece> calls = new ArrayList<>();
    final List<Part.Media> media = new ArrayList<>();
    final List<Part.Citation> citations = new ArrayList<>();
    int index;
    String finish = "";
    String stopSequence = "";
    String logprobs = "";
    boolean error;
    private String reasoning = "";
    private String reasoningContent = "";

    /** Reads the choice that the walk stands on; {@code position} numbers it if it does not say. */
    static MessagePieces choice(JsonWalk walk, int position) throws MalformedJson {
        MessagePieces pieces = new MessagePieces();
        pieces.index = position;
        walk.object(CHOICE, name -> {
            switch (name) {
                case "index" -> pieces.index = Math.clamp(walk.whole(position), 0, HIGHEST_INDEX);
                case "finish_reason" -> pieces.finish = walk.text();
                // A few providers send a message instead of a delta in streams too.
                case "delta", "message" -> pieces.message(walk);
                case "logprobs" -> pieces.logprobs = walk.token() == Token.START_OBJECT ? walk.json() : "";
                case "error" -> pieces.error = !walk.isNull();
                // vLLM and SGLang say which text it was.
                case "stop_reason", "matched_stop" -> pieces.stopSequence = walk.text();
                default -> {}
            }
        });
        return pieces;
    }

    /** Why it ended, in the neutral form. */
    Finish finish(boolean toolCalls) {
        return Finishes.read(finish, stopSequence, toolCalls);
    }

    /** The thoughts: blocks say all that plain text says, and the seal beside it. */
    List<Block> thoughts() {
        String plain = reasoningContent.isEmpty() ? reasoning : reasoningContent;
        return blocks.isEmpty() && !plain.isEmpty() ? List.of(new Block(plain, "", "")) : blocks;
    }

    private void message(JsonWalk walk) throws MalformedJson {
        walk.object(MESSAGE, name -> {
            switch (name) {
                case "content" -> content(walk);
                case "refusal" -> refusal.append(walk.text());
                case "tool_calls" -> walk.array(() -> calls.add(CallPiece.read(walk)));
                case "function_call" -> {
                    if (walk.token() == Token.START_OBJECT) {
                        calls.add(CallPiece.legacy(walk));
                    }
                }
                case "audio" -> audio(walk);
                case "images" -> walk.array(() -> part(walk));
                case "annotations" -> walk.array(() -> annotation(walk));
                case "reasoning" -> reasoning = walk.text();
                case "reasoning_content" -> reasoningContent = walk.text();
                case "reasoning_details", "thinking_blocks" -> walk.array(() -> block(walk));
                default -> {}
            }
        });
    }

    private void content(JsonWalk walk) throws MalformedJson {
        if (walk.token() == Token.START_ARRAY) {
            walk.array(() -> part(walk));
        } else {
            text.append(walk.text());
        }
    }

    private void part(JsonWalk walk) throws MalformedJson {
        if (walk.token() == Token.STRING) {
            text.append(walk.text());
            return;
        }
        walk.object(PART, name -> {
            switch (name) {
                case "text" -> text.append(walk.text());
                case "refusal" -> refusal.append(walk.text());
                case "thinking" -> mistralThoughts(walk);
                case "image_url" -> image(walk);
                default -> {}
            }
        });
    }

    private void mistralThoughts(JsonWalk walk) throws MalformedJson {
        StringBuilder thoughts = new StringBuilder();
        if (walk.token() == Token.START_ARRAY) {
            walk.array(() -> walk.object(BLOCK, name -> {
                if (name.equals("text")) {
                    thoughts.append(walk.text());
                }
            }));
        } else {
            thoughts.append(walk.text());
        }
        if (!thoughts.isEmpty()) {
            blocks.add(new Block(thoughts.toString(), "", ""));
        }
    }

    private void block(JsonWalk walk) throws MalformedJson {
        String[] said = {"", "", ""};
        walk.object(BLOCK, name -> {
            switch (name) {
                case "thinking", "text", "summary" -> said[0] += walk.text();
                case "signature" -> said[1] = walk.text();
                case "data" -> said[2] = walk.text();
                default -> {}
            }
        });
        if (!said[0].isEmpty() || !said[1].isEmpty() || !said[2].isEmpty()) {
            blocks.add(new Block(said[0], said[1], said[2]));
        }
    }

    private void image(JsonWalk walk) throws MalformedJson {
        String[] url = {""};
        if (walk.token() == Token.STRING) {
            url[0] = walk.text();
        } else {
            walk.object(URL, name -> {
                if (name.equals("url")) {
                    url[0] = walk.text();
                }
            });
        }
        if (!url[0].isEmpty()) {
            media.add(Part.Media.of(Part.Media.Kind.IMAGE, DataUrl.source(url[0])));
        }
    }

    /** What is spoken comes in writing too; the file's name is the id by which a later message refers to it. */
    private void audio(JsonWalk walk) throws MalformedJson {
        String[] said = {"", ""};
        walk.object(AUDIO, name -> {
            switch (name) {
                case "id" -> said[0] = walk.text();
                case "data" -> said[1] = walk.text();
                case "transcript" -> text.append(walk.text());
                default -> {}
            }
        });
        if (!said[1].isEmpty()) {
            Part.Source data = new Part.Source.Inline(AudioFormat.sniffed(said[1]), said[1]);
            media.add(new Part.Media(Part.Media.Kind.AUDIO, data, said[0], ""));
        }
    }

    private void annotation(JsonWalk walk) throws MalformedJson {
        walk.object(ANNOTATION, name -> {
            if (name.equals("url_citation")) {
                citation(walk);
            }
        });
    }

    private void citation(JsonWalk walk) throws MalformedJson {
        String[] said = {"", "", ""};
        int[] range = {-1, -1};
        walk.object(CITATION, name -> {
            switch (name) {
                case "url" -> said[0] = walk.text();
                case "title" -> said[1] = walk.text();
                case "content" -> said[2] = walk.text();
                case "start_index" -> range[0] = Math.clamp(walk.whole(-1), -1, Integer.MAX_VALUE);
                case "end_index" -> range[1] = Math.clamp(walk.whole(-1), -1, Integer.MAX_VALUE);
                default -> {}
            }
        });
        if (!said[0].isEmpty()) {
            citations.add(new Part.Citation(said[0], said[1], said[2], range[0], range[1], OpenAiDialect.NAME, ""));
        }
    }
}
