package dev.gatehouse.agent.source.watch;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** Names of files and folders that are left alone. */
final class Ignored {

    private final List<PathMatcher> names;

    Ignored(List<String> names) {
        this.names = names.stream()
                .map(name -> FileSystems.getDefault().getPathMatcher("glob:" + name))
                .toList();
    }

    boolean matches(Path path) {
        return names.stream().anyMatch(name -> name.matches(path.getFileName()));
    }
}
