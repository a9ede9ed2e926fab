package dev.gatehouse.agent.source.tail;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The regular files that a path with wildcards names at present. Links to files are followed, links to folders are not. */
final class Globs {

    private static final String WILD = "*?[{";

    private final Path base;
    private final int depth;
    private final List<PathMatcher> matchers;

    Globs(String pattern) {
        Path path = Path.of(pattern).toAbsolutePath().normalize();
        Path fixed = path.getRoot();
        int i = 0;
        while (i < path.getNameCount() - 1 && !isWild(path.getName(i).toString())) {
            fixed = fixed.resolve(path.getName(i++));
        }
        this.base = fixed;
        this.depth = path.toString().contains("**") ? Integer.MAX_VALUE : path.getNameCount() - i;
        this.matchers = Stream.of(path.toString(), path.toString().replace("**/", "")) // also no folder at all
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
    }

    /** The folder below which matches can be. */
    Path base() {
        return base;
    }

    Set<Path> expand() {
        Set<Path> found = new TreeSet<>();
        if (!Files.isDirectory(base)) {
            return found;
        }
        try {
            Files.walkFileTree(
                    base, EnumSet.noneOf(java.nio.file.FileVisitOption.class), depth, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                            if (matchers.stream().anyMatch(matcher -> matcher.matches(file))
                                    && Files.isRegularFile(file)) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE; // gone meanwhile, or not ours to read
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            return found; // what was found counts; the next look finds the rest
        }
        return found;
    }

    private static boolean isWild(String name) {
        return name.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
    }
}
