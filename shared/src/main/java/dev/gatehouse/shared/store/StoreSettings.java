package dev.gatehouse.shared.store;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The object store: a folder or a bucket. */
public record StoreSettings(
        @Default("folder") @Doc("folder or s3") Kind kind,

        @Default("store") @Doc("folder: where; local disk or NFS")
        Path folder,

        @Doc("s3: URL of the server") Optional<String> url,
        @Default("gatehouse") @Doc("s3: bucket") String bucket,
        @Default("us-east-1") @Doc("s3: region") String region,
        @Doc("s3: access key") Optional<Secret> accessKey,
        @Doc("s3: secret key") Optional<Secret> secretKey,
        @Default("30s") @Doc("For one request to the store") Duration timeout,
        @Default("16") @Doc("Requests at once") int requests) {

    /** Which implementation. */
    public enum Kind {
        FOLDER,
        S3
    }
}
