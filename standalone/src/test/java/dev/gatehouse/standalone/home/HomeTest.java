package dev.gatehouse.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    Path folder;

    @Test
    void isTakenByOneProcessAtATime() throws Exception {
        try (Home first = Home.open(folder.resolve("home"))) {
            first.ready().write(new JsonObject().put("pid", 4711));
            assertThatThrownBy(() -> Home.open(folder.resolve("home")))
                    .isInstanceOf(Home.Unusable.class)
                    .hasMessageContaining("in use")
                    .hasMessageContaining("(pid 4711)")
                    .hasMessageContaining("--home");
        }
        Home.open(folder.resolve("home")).close();
    }

    @Test
    void removesWhatAKilledProcessLeft() throws Exception {
        Files.createDirectories(folder.resolve("home"));
        Files.writeString(folder.resolve("home/ready.json"), "{\"pid\": 1");
        try (Home home = Home.open(folder.resolve("home"))) {
            assertThat(home.at("ready.json")).doesNotExist();
            assertThat(home.at("watched")).isDirectory();
        }
    }

    @Test
    void saysWhyItCannotBeUsed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Home.open(file.resolve("home")))
                .isInstanceOf(Home.Unusable.class)
                .hasMessageContaining(file.toString());
    }
}
