package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.Place;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads the chunks of a completion. */
final class FrameReader implements StreamReader {
    /** Answers are flat but for the arguments of tools; whatever is deeper than this is an attack. */
    static final int DEEPEST = 1_000;

    private static final NameTable CHUNK =
            NameTable.of("id", "created", "model", "choices", "usage", "error", "object", "type", "x_groq");
    private static final NameTable ERROR = NameTable.of("error");
    private static final NameTable GROQ = NameTable.of("error", "usage");
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private final ChoiceReader choices = new ChoiceReader(walk);
    private final List<StreamEvent> said = new ArrayList<>();
    private String id = "";
    private String model = "";
    private long created = -1;
    private boolean begun;
    private boolean error;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        if (isDone(frame)) {
            to.accept(new StreamEvent.Done());
            return true;
        }
        boolean named = frame.name().equals("error");
        boolean readable = readable(frame);
        if (named || (readable && error)) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        if (readable) {
            if (!begun && !said.isEmpty()) {
                begun = true;
                to.accept(new StreamEvent.Begin(id, model, time()));
            }
            said.forEach(to);
        }
        return readable;
    }

    private boolean readable(Frame frame) {
        said.clear();
        error = false;
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            boolean object = walk.token() == Token.START_OBJECT;
            walk.object(CHUNK, this::member);
            return object && walk.isAtEnd();
        } catch (MalformedJson broken) {
            return false;
        } finally {
            walk.release();
        }
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "id" -> id = id.isEmpty() ? walk.text() : id;
            case "model" -> model = model.isEmpty() ? walk.text() : model;
            // Azure says 0 before the first real chunk.
            case "created" -> created = created > 0 ? created : walk.whole(-1);
            case "choices" -> {
                int[] position = {0};
                walk.array(() -> choices.read(position[0]++, said::add));
            }
            case "usage" -> {
                if (walk.token() == Token.START_OBJECT) {
                    said.add(new StreamEvent.Counted(UsageMembers.read(walk)));
                }
            }
            case "error" -> error |= isError(walk);
            case "object", "type" -> error |= !walk.among(ERROR).isEmpty();
            case "x_groq" ->
                walk.object(GROQ, member -> {
                    if (member.equals("error")) {
                        error |= isError(walk);
                    } else if (member.equals("usage") && walk.token() == Token.START_OBJECT) {
                        said.add(new StreamEvent.Counted(UsageMembers.read(walk)));
                    }
                });
            default -> {}
        }
    }

    /** Some say with every chunk that there is no error. */
    static boolean isError(JsonWalk walk) throws MalformedJson {
        return switch (walk.token()) {
            case NULL, FALSE -> false;
            case STRING -> !walk.text().isEmpty();
            default -> true;
        };
    }

    private OptionalLong time() {
        return created > 0 ? OptionalLong.of(created) : OptionalLong.empty();
    }

    private static boolean isDone(Frame frame) {
        int from = frame.offset();
        int to = from + frame.length();
        while (to > from && frame.array()[to - 1] <= ' ') {
            to--;
        }
        return Arrays.equals(frame.array(), from, to, DONE, 0, DONE.length);
    }

    @Override
    public Place place() {
        return new Place(id, time(), 0, "", -1);
    }
}
