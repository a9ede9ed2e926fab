package dev.gatehouse.shared.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;

/**
 * Where large things are kept: whole objects by key, written once. Two implementations: a folder and S3.
 *
 * <p>Keys are segments of {@code a-z 0-9 . _ + -} that do not begin with a dot, joined by {@code /}. Futures complete on the caller's context; failures are {@link StoreException}. Thread-safe.
 */
public interface ObjectStore extends AutoCloseable {

    /** One object. */
    record Entry(String key, long length, Instant modifiedAt) {}

    /** Stores the parts, joined, under the key; once it succeeds they survive a power cut. Repeating it with the same content is harmless. */
    Future<Void> put(String key, List<Buffer> parts);

    /** Exactly {@code length} bytes from {@code offset}; fails with {@link StoreException.Missing} if the object is not there. */
    Future<Buffer> read(String key, long offset, int length);

    /** Removes the object; succeeds also when there is none. */
    Future<Void> delete(String key);

    /** Renames an object within the store (S3: copy, then delete). */
    Future<Void> move(String from, String to);

    /** At most {@code limit} (1 to 1,000) objects whose keys begin with the prefix and come after {@code after}, in key order. */
    Future<List<Entry>> list(String prefix, String after, int limit);

    /** Whether the store takes writes now: writes, reads and removes a small object. */
    Future<Void> check();

    @Override
    void close();
}
