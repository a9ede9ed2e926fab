package dev.gatehouse.agent.source.tail;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Wakes who waits for something to happen in folders. Only a hint: folders beyond {@link #MAX_FOLDERS}, or on file systems that tell nothing, are found by looking. Confined to one thread. */
final class FolderEvents implements AutoCloseable {

    /** What has happened. */
    enum What {
        NOTHING,
        CONTENT,
        NAMES
    }

    private static final int MAX_FOLDERS = 1024;

    private final WatchService service = FileSystems.getDefault().newWatchService();
    private final Map<Path, WatchKey> folders = new HashMap<>();

    FolderEvents() throws IOException {}

    void watch(Path folder) {
        WatchKey known = folders.get(folder);
        boolean held = known != null && known.isValid();
        if (held || (known == null && folders.size() >= MAX_FOLDERS)) {
            return;
        }
        try {
            folders.put(
                    folder,
                    folder.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY));
        } catch (IOException e) {
            folders.remove(folder); // not there yet, or the system has no more watches: found by looking
        }
    }

    What await(Duration atMost) throws InterruptedException {
        What what = What.NOTHING;
        WatchKey key = service.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        while (key != null) {
            for (WatchEvent<?> event : key.pollEvents()) {
                boolean content = event.kind().equals(StandardWatchEventKinds.ENTRY_MODIFY);
                what = content && what != What.NAMES ? What.CONTENT : What.NAMES;
            }
            key.reset();
            key = service.poll();
        }
        return what;
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
