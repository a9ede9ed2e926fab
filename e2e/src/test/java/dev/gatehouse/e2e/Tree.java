package dev.gatehouse.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project's own tree is. */
public final class Tree {

    public static final Path ROOT = root();

    private Tree() {}

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("gatehouse"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "not inside the project's tree: " + Path.of("").toAbsolutePath());
    }
}
