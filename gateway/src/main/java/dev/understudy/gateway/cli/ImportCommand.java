package dev.understudy.gateway.cli;

import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.gateway.imports.Imports;
import dev.understudy.gateway.imports.InvalidImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code understudy import}. */
@Command(
        name = "import",
        description = "Makes a configuration of another gateway's. Calls no provider, and copies no key.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "SOURCE",
        footer = {
            "",
            "What has no counterpart is named in comments. Keys that are written in the file are not copied: variables",
            "stand in their place. Check the result with: understudy check --config FILE"
        })
final class ImportCommand implements Runnable {
    private static final String STANDARD_INPUT = "-";

    private final CommandContext surroundings;

    @Spec
    private CommandSpec spec;

    ImportCommand(CommandContext surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to import: litellm, portkey or openrouter.");
    }

    /** Where the result goes. */
    static final class Output {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "Writes the configuration to this file, and not to the standard output.")
        private Optional<Path> file = Optional.empty();

        @Option(names = "--force", description = "Overwrites the file if it is there.")
        private boolean force;
    }

    /** What a source makes of a text. */
    @FunctionalInterface
    private interface Source {
        Imports.Imported read(String name, String text) throws InvalidSettings, InvalidImport;
    }

    @Command(
            name = "litellm",
            description = "Imports the configuration of LiteLLM's proxy.",
            mixinStandardHelpOptions = true)
    int liteLlm(
            @Parameters(paramLabel = "FILE", description = "Such as config.yaml; - for the standard input.")
                    String file,
            @Mixin Output output)
            throws InvalidSettings {
        return run("litellm", file, output, Imports::liteLlm);
    }

    @Command(name = "portkey", description = "Imports a config of Portkey.", mixinStandardHelpOptions = true)
    int portkey(
            @Parameters(paramLabel = "FILE", description = "Such as config.json; - for the standard input.")
                    String file,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "assistant",
                            description = "The name that callers will use for the chain (default: ${DEFAULT-VALUE}).")
                    String name,
            @Option(
                            names = "--model",
                            paramLabel = "MODEL",
                            description = "The model of targets without override_params.model, for which Portkey uses"
                                    + " the request's.")
                    Optional<String> model,
            @Mixin Output output)
            throws InvalidSettings {
        return run("portkey", file, output, (source, text) -> Imports.portkey(source, text, name, model));
    }

    @Command(
            name = "openrouter",
            description = "Imports model, models and provider of a request to OpenRouter.",
            mixinStandardHelpOptions = true)
    int openRouter(
            @Parameters(
                            paramLabel = "FILE",
                            description = "The body of a request, such as request.json; - for the standard input.")
                    String file,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "assistant",
                            description = "The name that callers will use for the chain (default: ${DEFAULT-VALUE}).")
                    String name,
            @Mixin Output output)
            throws InvalidSettings {
        return run("openrouter", file, output, (source, text) -> Imports.openRouter(source, text, name));
    }

    private int run(String command, String file, Output output, Source source) throws InvalidSettings {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Imports.Imported imported = source.read(nameOf(file), text(file));
            write(imported, output);
            return 0;
        } catch (InvalidImport wrong) {
            err.println(nameOf(file) + " " + wrong.getMessage());
        } catch (FileAlreadyExistsException there) {
            err.println(there.getFile() + " is there already; name another file, or add --force to overwrite it");
        } catch (NoSuchFileException missing) {
            err.println(missing.getFile() + ": no such file");
        } catch (CharacterCodingException garbled) {
            err.println(nameOf(file) + " is not UTF-8 text");
        } catch (IOException failed) {
            err.println("import " + command + " failed: " + failed);
        }
        err.flush();
        return Main.EXIT_OPERATOR;
    }

    private static String nameOf(String file) {
        return file.equals(STANDARD_INPUT) ? "standard input" : file;
    }

    private String text(String file) throws IOException {
        return file.equals(STANDARD_INPUT)
                ? StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(System.in.readAllBytes()))
                        .toString()
                : Files.readString(surroundings.folder().resolve(file));
    }

    private void write(Imports.Imported imported, Output output) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (output.file.isEmpty()) {
            out.print(imported.text());
            out.flush();
            return;
        }
        Path file = surroundings.folder().resolve(output.file.get());
        OpenOption[] options = output.force
                ? new OpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                }
                : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        Files.writeString(file, imported.text(), options);
        out.println("Wrote " + output.file.get() + ".");
        if (!imported.variables().isEmpty()) {
            out.println("It needs these environment variables: " + String.join(", ", imported.variables()));
        }
        out.println("Check it with: understudy check --config " + output.file.get());
        out.flush();
    }
}
