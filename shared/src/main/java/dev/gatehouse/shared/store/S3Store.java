package dev.gatehouse.shared.store;

import dev.gatehouse.shared.settings.Secret;
import io.minio.BucketExistsArgs;
import io.minio.Checksum;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * Objects in a bucket of any S3 server. The bucket is made at the first request if it is not there.
 *
 * <p>A write is answered once the server has it; each write carries a checksum of its content, so that bytes damaged on the way are refused. Nothing is repeated here:
 * who asked knows how often and how long. Thread-safe.
 */
final class S3Store implements ObjectStore {

    /** Objects up to this length are one request; longer ones are uploaded in parts of this length. */
    static final int PART_BYTES = 32 << 20;

    private static final int MAX_LIMIT = 1000;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final String server;
    private final String bucket;
    private final OkHttpClient http;
    private final MinioClient client;
    private final StoreWork work;
    private volatile boolean bucketKnown;

    S3Store(Vertx vertx, StoreSettings settings, String url, Secret accessKey, Secret secretKey) {
        this.server = url;
        this.bucket = settings.bucket();
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(settings.requests());
        dispatcher.setMaxRequestsPerHost(settings.requests());
        Duration timeout = settings.timeout();
        this.http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(settings.requests(), IDLE.toSeconds(), TimeUnit.SECONDS))
                .connectTimeout(timeout.compareTo(CONNECT_LIMIT) < 0 ? timeout : CONNECT_LIMIT)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .callTimeout(timeout)
                .retryOnConnectionFailure(true) // one more try on a fresh connection when a kept one is dead
                .followRedirects(false)
                .build();
        this.client = MinioClient.builder()
                .endpoint(url)
                .region(settings.region())
                .credentials(accessKey.value(), secretKey.value())
                .httpClient(http)
                .build();
        this.work = new StoreWork(vertx, "bucket " + bucket + " at " + url, settings);
    }

    @Override
    public Future<Void> put(String key, List<Buffer> parts) {
        return run("put", key, () -> {
            write(Keys.check(key), parts);
            return null;
        });
    }

    @Override
    public Future<Buffer> read(String key, long offset, int length) {
        return run("read", key, () -> readRange(Keys.check(key), offset, length));
    }

    @Override
    public Future<Void> delete(String key) {
        return run("delete", key, () -> {
            client.removeObject(RemoveObjectArgs.builder()
                    .bucket(bucket)
                    .object(Keys.check(key))
                    .build());
            return null;
        });
    }

    @Override
    public Future<Void> move(String from, String to) {
        return run("move", from, () -> {
            client.copyObject(CopyObjectArgs.builder()
                    .bucket(bucket)
                    .object(Keys.check(to))
                    .source(SourceObject.builder()
                            .bucket(bucket)
                            .object(Keys.check(from))
                            .build())
                    .build());
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(from).build());
            return null;
        });
    }

    @Override
    public Future<List<Entry>> list(String prefix, String after, int limit) {
        return run("list", prefix, () -> {
            if (limit < 1 || limit > MAX_LIMIT) {
                throw new IllegalArgumentException("limit " + limit + "; 1 to " + MAX_LIMIT + " are allowed");
            }
            List<Entry> entries = new ArrayList<>();
            Iterable<Result<Item>> items = client.listObjects(ListObjectsArgs.builder()
                    .bucket(bucket)
                    .prefix(Keys.checkPart(prefix))
                    .startAfter(Keys.checkPart(after))
                    .maxKeys(limit)
                    .recursive(true)
                    .build());
            for (Result<Item> result : items) {
                Item item = result.get();
                entries.add(new Entry(
                        item.objectName(), item.size(), item.lastModified().toInstant()));
                if (entries.size() == limit) {
                    break; // the iteration would ask the server for the next page
                }
            }
            return List.copyOf(entries);
        });
    }

    @Override
    public Future<Void> check() {
        String key = "check/" + UUID.randomUUID();
        return run("check", key, () -> {
            Buffer probe = Buffer.buffer(key);
            write(key, List.of(probe));
            boolean same = readRange(key, 0, probe.length()).equals(probe);
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build());
            if (!same) {
                throw new StoreException(server + " gives back other bytes than were written", null);
            }
            return null;
        });
    }

    @Override
    public void close() {
        work.close();
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private <T> Future<T> run(String what, String key, Callable<T> task) {
        return work.run(what + " " + key, () -> {
            try {
                makeBucket();
                return task.call();
            } catch (ErrorResponseException e) {
                throw refused(what, key, e);
            }
        });
    }

    private void makeBucket() throws MinioException {
        if (bucketKnown) {
            return;
        }
        if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            try {
                client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            } catch (ErrorResponseException e) {
                if (!e.errorResponse().code().equals("BucketAlreadyOwnedByYou")) { // another node was faster
                    throw e;
                }
            }
        }
        bucketKnown = true;
    }

    private void write(String key, List<Buffer> parts) throws MinioException {
        long length = 0;
        for (Buffer part : parts) {
            length += part.length();
        }
        PutObjectArgs.Builder put = PutObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .checksum(Checksum.Algorithm.CRC32); // the JDK's; the SDK's CRC32C takes twice as long as all the rest
        if (length <= PART_BYTES) {
            byte[] all = new byte[(int) length];
            int at = 0;
            for (Buffer part : parts) {
                part.getBytes(all, at);
                at += part.length();
            }
            put.data(all, all.length);
        } else {
            put.stream(new PartsStream(parts), length, (long) PART_BYTES);
        }
        client.putObject(put.build());
    }

    private Buffer readRange(String key, long offset, int length) throws MinioException, IOException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "offset " + offset + " and length " + length + "; neither may be negative");
        }
        if (length == 0) { // no range says this
            client.statObject(
                    StatObjectArgs.builder().bucket(bucket).object(key).build());
            return Buffer.buffer();
        }
        try (GetObjectResponse object = client.getObject(GetObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .offset(offset)
                .length((long) length)
                .build())) {
            byte[] bytes = object.readNBytes(length);
            if (bytes.length < length) {
                throw new StoreException(
                        "read " + key + ": " + length + " bytes from " + offset + " wanted, the object ends after "
                                + bytes.length,
                        null);
            }
            return Buffer.buffer(bytes);
        }
    }

    /** The server's refusal without its trace: that holds the signed headers. */
    private StoreException refused(String what, String key, ErrorResponseException e) {
        String code = e.errorResponse().code();
        return switch (code) {
            case "NoSuchKey" -> new StoreException.Missing(key);
            case "NoSuchBucket" -> {
                bucketKnown = false; // made again by the next request
                yield new StoreException(what + " " + key + ": bucket " + bucket + " at " + server + " is gone", null);
            }
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied" ->
                new StoreException(
                        what + " " + key + ": " + server + " refuses store.accessKey and store.secretKey for bucket "
                                + bucket + " (" + code + ")",
                        null);
            case "XMinioStorageFull", "InsufficientStorage", "QuotaExceeded" ->
                new StoreException.Full(server + " is full (" + code + "): " + key + " was not written", null);
            default ->
                new StoreException(
                        what + " " + key + " in bucket " + bucket + " at " + server + ": " + code + ", "
                                + e.errorResponse().message(),
                        null);
        };
    }
}
