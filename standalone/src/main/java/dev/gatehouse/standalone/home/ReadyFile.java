package dev.gatehouse.standalone.home;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/** {@code HOME/ready.json}: what a script needs to use a local Gatehouse; there only while it is ready. */
public final class ReadyFile {

    private final Path file;

    ReadyFile(Path home) {
        this.file = home.resolve("ready.json");
    }

    /** Appears whole or not at all. */
    public void write(JsonObject content) throws IOException {
        Path temporary = file.resolveSibling("ready.json.tmp");
        Files.writeString(temporary, content.encodePrettily() + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /** The process that wrote it, if the file is there and can be read. */
    OptionalLong pid() {
        try {
            return OptionalLong.of(new JsonObject(Files.readString(file)).getLong("pid"));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty(); // half a file of another program's making: only the message is poorer
        }
    }
}
