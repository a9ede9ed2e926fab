package dev.gatehouse.shared.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.store.ObjectStore.Entry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store promises, whatever is behind it. */
abstract class ObjectStoreContract {

    static Vertx vertx;

    ObjectStore store;

    /** Opens a store that holds nothing. */
    abstract ObjectStore openEmpty() throws Exception;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() {
        get(vertx.close());
    }

    @BeforeEach
    void open() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void givesBackExactlyTheBytesAskedFor() {
        Buffer first = bytes(70_001, 1);
        Buffer second = bytes(300_000, 2);
        get(store.put("writer/segment.seg", List.of(first, Buffer.buffer(), second)));

        Buffer all = first.copy().appendBuffer(second);
        assertThat(get(store.read("writer/segment.seg", 0, all.length()))).isEqualTo(all);
        assertThat(get(store.read("writer/segment.seg", 70_000, 2))).isEqualTo(all.slice(70_000, 70_002));
        assertThat(get(store.read("writer/segment.seg", all.length() - 1, 1)))
                .isEqualTo(all.slice(all.length() - 1, all.length()));
        assertThat(get(store.read("writer/segment.seg", 5, 0))).isEqualTo(Buffer.buffer());
    }

    @Test
    void givesNothingRatherThanLess() {
        get(store.put("short", List.of(Buffer.buffer("12345"))));
        assertThatThrownBy(() -> get(store.read("short", 3, 3))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> get(store.read("short", 6, 1))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> get(store.read("short", -1, 1))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> get(store.read("short", 0, -1))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> get(store.read("short", 0, Integer.MAX_VALUE))).isInstanceOf(StoreException.class);
    }

    @Test
    void takesAnEmptyObjectAndOneOfSeveralParts() {
        get(store.put("empty", List.of()));
        assertThat(get(store.list("empty", "", 1))).singleElement().returns(0L, Entry::length);

        List<Buffer> parts =
                IntStream.range(0, 5).mapToObj(i -> bytes(9 << 20, i)).toList();
        get(store.put("large", parts));
        assertThat(get(store.list("large", "", 1))).singleElement().returns(45L << 20, Entry::length);
        assertThat(get(store.read("large", (36 << 20) - 3, 6)))
                .isEqualTo(parts.get(3)
                        .slice((9 << 20) - 3, 9 << 20)
                        .copy()
                        .appendBuffer(parts.get(4).slice(0, 3)));
    }

    @Test
    void putAgainWithTheSameContentIsHarmless() {
        for (int i = 0; i < 2; i++) {
            get(store.put("a/b", List.of(Buffer.buffer("same"))));
        }
        assertThat(get(store.read("a/b", 0, 4))).hasToString("same");
        assertThat(get(store.list("", "", 10))).hasSize(1);
    }

    @Test
    void saysWhichObjectIsMissing() {
        assertThatThrownBy(() -> get(store.read("no/thing", 0, 1)))
                .isInstanceOf(StoreException.Missing.class)
                .hasMessage("no object no/thing");
        assertThatThrownBy(() -> get(store.read("no/thing", 0, 0))).isInstanceOf(StoreException.Missing.class);
        assertThatThrownBy(() -> get(store.move("no/thing", "b"))).isInstanceOf(StoreException.Missing.class);
    }

    @Test
    void deletesOnceOrTwice() {
        get(store.put("a/b/c", List.of(Buffer.buffer("x"))));
        get(store.delete("a/b/c"));
        get(store.delete("a/b/c"));
        assertThatThrownBy(() -> get(store.read("a/b/c", 0, 1))).isInstanceOf(StoreException.Missing.class);
        assertThat(get(store.list("", "", 10))).isEmpty();
    }

    @Test
    void movesAndReplaces() {
        get(store.put("writer/1.seg", List.of(Buffer.buffer("orphan"))));
        get(store.put("lost+found/1.seg", List.of(Buffer.buffer("older"))));
        get(store.move("writer/1.seg", "lost+found/1.seg"));
        assertThat(get(store.list("", "", 10))).extracting(Entry::key).containsExactly("lost+found/1.seg");
        assertThat(get(store.read("lost+found/1.seg", 0, 6))).hasToString("orphan");
    }

    @Test
    void listsInKeyOrderPageByPage() {
        // GIVEN names in which folders and files mix: '+' '-' '.' come before '/', digits and letters after it
        List<String> keys = List.of(
                "a+b", "a-b/x", "a.b/y", "a/0", "a/1/2", "a/1x", "a0", "a0/z".replace("a0/", "a1/"), "b/c/d/e", "c");
        for (String key : keys.reversed()) {
            get(store.put(key, List.of(Buffer.buffer(key))));
        }
        // WHEN listed in pages of any length
        for (int limit = 1; limit <= keys.size() + 1; limit++) {
            List<String> seen = new ArrayList<>();
            for (String after = ""; ; after = seen.getLast()) {
                List<Entry> page = get(store.list("", after, limit));
                page.forEach(entry -> seen.add(entry.key()));
                if (page.size() < limit) {
                    break;
                }
            }
            // THEN all come, in order
            assertThat(seen).isEqualTo(keys);
        }
        assertThat(get(store.list("a/", "", 10))).extracting(Entry::key).containsExactly("a/0", "a/1/2", "a/1x");
        assertThat(get(store.list("a/1", "", 10))).extracting(Entry::key).containsExactly("a/1/2", "a/1x");
        assertThat(get(store.list("a", "a/1/2", 2))).extracting(Entry::key).containsExactly("a/1x", "a0");
        assertThat(get(store.list("nothing/", "", 10))).isEmpty();
        Entry entry = get(store.list("c", "", 1)).getFirst();
        assertThat(entry.length()).isEqualTo(1);
        assertThat(entry.modifiedAt())
                .isBetween(
                        Instant.now().minus(Duration.ofHours(1)), Instant.now().plus(Duration.ofHours(1)));
        assertThatThrownBy(() -> get(store.list("", "", 0))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> get(store.list("", "", 1001))).isInstanceOf(StoreException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "../x",
                "a/../../x",
                "a/./x",
                "a//x",
                "a/",
                ".fresh/x",
                "A",
                "ä",
                "a\0b",
                "a\\b",
                "a b"
            })
    void refusesKeysThatAreNone(String key) {
        assertThatThrownBy(() -> get(store.put(key, List.of(Buffer.buffer("x")))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("are allowed");
        assertThatThrownBy(() -> get(store.read(key, 0, 1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("are allowed");
        assertThatThrownBy(() -> get(store.delete(key)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("are allowed");
        assertThatThrownBy(() -> get(store.move(key, "a")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("are allowed");
    }

    @Test
    void manyAtOnce() {
        List<Future<Void>> puts = IntStream.range(0, 200)
                .mapToObj(i -> store.put("w" + i % 7 + "/" + i, List.of(bytes(10_000, i))))
                .toList();
        get(Future.all(puts));
        get(Future.all(IntStream.range(0, 200)
                .mapToObj(i -> store.read("w" + i % 7 + "/" + i, 0, 10_000).map(bytes -> {
                    assertThat(bytes).isEqualTo(bytes(10_000, i));
                    return bytes;
                }))
                .toList()));
    }

    @Test
    void checksItselfAndLeavesNothing() {
        get(store.check());
        assertThat(get(store.list("", "", 10))).isEmpty();
    }

    @Test
    void answersOnTheContextOfTheCaller() {
        Context context = vertx.getOrCreateContext();
        Future<Context> answered =
                Future.future(promise -> context.runOnContext(now -> store.put("a", List.of(Buffer.buffer("x")))
                        .onComplete(done -> promise.complete(Vertx.currentContext()))));
        assertThat(get(answered)).isSameAs(context);
    }

    static Buffer bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return Buffer.buffer(bytes);
    }

    static <T> T get(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in a minute", e);
        }
    }
}
