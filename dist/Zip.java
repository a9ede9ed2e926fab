import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Packs a folder into a new zip that keeps who may execute what: java dist/Zip.java ZIP FOLDER. The JDK's jar tool forgets it, and not every machine has zip. */
final class Zip {

    public static void main(String[] arguments) throws IOException {
        Path zip = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]).toAbsolutePath();
        Files.deleteIfExists(zip);
        try (Stream<Path> walk = Files.walk(folder);
                FileSystem archive = FileSystems.newFileSystem(
                        URI.create("jar:" + zip.toAbsolutePath().toUri()),
                        Map.of("create", true, "enablePosixFileAttributes", true))) {
            List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                Path entry = archive.getPath(folder.getParent().relativize(file).toString());
                Files.createDirectories(entry.getParent());
                Files.copy(file, entry);
                Files.setPosixFilePermissions(entry, Files.getPosixFilePermissions(file));
            }
        }
    }
}
