package dev.gatehouse.agent.source.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from another.
 *
 * @param inode number in the file system
 * @param modified nanoseconds since the epoch
 */
record FileState(long inode, long size, long modified, boolean regular) {

    /** Of the file itself, not of what a link points to. */
    static FileState of(Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:ino,size,lastModifiedTime,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        return new FileState(
                (Long) attributes.get("ino"),
                (Long) attributes.get("size"),
                ((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                (Boolean) attributes.get("isRegularFile"));
    }
}
