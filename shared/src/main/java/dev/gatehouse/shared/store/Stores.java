package dev.gatehouse.shared.store;

import io.vertx.core.Vertx;
import java.util.Optional;

/** Opens the object store that the settings name. */
public final class Stores {

    private Stores() {}

    /** Does not wait for a server: whether an S3 server can be reached, its first request and {@link ObjectStore#check()} show. A folder is made if it is not there. */
    public static ObjectStore open(Vertx vertx, StoreSettings settings) {
        return switch (settings.kind()) {
            case FOLDER -> new FolderStore(vertx, settings);
            case S3 ->
                new S3Store(
                        vertx,
                        settings,
                        given("store.url", settings.url()),
                        given("store.accessKey", settings.accessKey()),
                        given("store.secretKey", settings.secretKey()));
        };
    }

    private static <T> T given(String key, Optional<T> value) {
        return value.orElseThrow(() -> new StoreException(key + " is missing; a store of kind s3 needs it", null));
    }
}
