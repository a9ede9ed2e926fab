package dev.gatehouse.shared.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.store.ObjectStore.Entry;
import dev.gatehouse.shared.testing.SmallDisk;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest extends ObjectStoreContract {

    @TempDir
    Path folder;

    @Override
    ObjectStore openEmpty() {
        return Stores.open(vertx, settings(folder.resolve("store")));
    }

    private static StoreSettings settings(Path folder) {
        return new StoreSettings(
                StoreSettings.Kind.FOLDER,
                folder,
                Optional.empty(),
                "gatehouse",
                "us-east-1",
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(30),
                8);
    }

    @Test
    void isAFileWithTheKeyAsPathAndLeavesNoEmptyFolders() throws IOException {
        get(store.put("writer/1.seg", List.of(Buffer.buffer("x"))));
        get(store.put("other/1.seg", List.of(Buffer.buffer("x"))));
        assertThat(folder.resolve("store/writer/1.seg")).hasContent("x");
        get(store.delete("writer/1.seg"));
        get(store.move("other/1.seg", "third/1.seg"));
        try (Stream<Path> left = Files.list(folder.resolve("store"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("third", ".fresh");
        }
    }

    @Test
    void removesOnlyOldUnfinishedFilesWhenOpened() throws IOException {
        Path fresh = folder.resolve("store/.fresh");
        Path old = Files.writeString(fresh.resolve("old"), "half");
        Path current = Files.writeString(fresh.resolve("current"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        Stores.open(vertx, settings(folder.resolve("store"))).close();
        assertThat(old).doesNotExist();
        assertThat(current).exists();
    }

    @Test
    void saysThatItCannotBeUsed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> Stores.open(vertx, settings(file)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store folder " + file + " cannot be used");
    }

    @Test
    void aKeyCannotBeTheFolderOfAnother() {
        get(store.put("a", List.of(Buffer.buffer("x"))));
        assertThatThrownBy(() -> get(store.put("a/b", List.of(Buffer.buffer("x")))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("put a/b");
        assertThat(get(store.read("a", 0, 1))).hasToString("x");
    }

    @Test
    void listsPastManyEmptyFolders() throws IOException {
        for (int i = 0; i < 30; i++) {
            Files.createDirectories(folder.resolve("store/a" + i + "/b"));
        }
        get(store.put("z/1", List.of(Buffer.buffer("x"))));
        assertThat(get(store.list("", "", 2))).extracting(Entry::key).containsExactly("z/1");
    }

    @Test
    void foldersThatComeAndGoDisturbNobody() {
        // GIVEN one that makes a folder empty again and again while others write into it
        Future<?> all = Future.all(IntStream.range(0, 400)
                .mapToObj(i -> store.put("w/" + i, List.of(Buffer.buffer("x")))
                        .compose(done -> i % 4 == 0 ? Future.<Void>succeededFuture() : store.delete("w/" + i)))
                .toList());
        get(all);
        assertThat(get(store.list("w/", "", 1000))).hasSize(100);
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLeftOfTheAttempt() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder, 8)) {
            try (ObjectStore small = Stores.open(vertx, settings(disk.folder()))) {
                get(small.put("kept", List.of(bytes(1 << 20, 1))));
                assertThatThrownBy(() -> get(small.put("large", List.of(bytes(16 << 20, 2)))))
                        .isInstanceOf(StoreException.Full.class)
                        .hasMessage("store folder " + disk.folder() + " is full: large was not written");
                assertThatThrownBy(() -> get(small.check()))
                        .isInstanceOf(StoreException.Full.class)
                        .hasMessageContaining("MiB free; at least 64 MiB are wanted");
                assertThat(disk.folder().resolve(".fresh")).isEmptyDirectory();
                // and there is room again for what fits
                get(small.put("fits", List.of(bytes(1 << 20, 3))));
                assertThat(get(small.list("", "", 10))).extracting(Entry::key).containsExactly("fits", "kept");
                assertThat(get(small.read("kept", 0, 1 << 20))).isEqualTo(bytes(1 << 20, 1));
            }
        }
    }
}
