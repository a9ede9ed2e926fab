package dev.gatehouse.agent.uplink;

import com.google.protobuf.ByteString;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Renew;
import dev.gatehouse.protocol.message.Renewed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's certificate: renewed over a link at half of its time, or on `access` when no link takes it any more. Confined to the links' context. */
final class Renewal {

    private static final Logger log = LoggerFactory.getLogger(Renewal.class);

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final Path folder;
    private final Runnable onRenewed;
    private final Consumer<String> complain;
    private volatile Identity identity;
    private AgentKey asked;
    private long after = System.nanoTime();

    /**
     * @param onRenewed there is a new identity: what is dialled from now on uses it
     * @param complain takes why it can't be renewed
     */
    Renewal(Vertx vertx, Path folder, Identity identity, Runnable onRenewed, Consumer<String> complain) {
        this.vertx = vertx;
        this.folder = folder;
        this.identity = identity;
        this.onRenewed = onRenewed;
        this.complain = complain;
    }

    /** Any thread. */
    Identity identity() {
        return identity;
    }

    boolean isDue() {
        return identity.isToBeRenewed(Instant.now());
    }

    boolean isTooLate() {
        return identity.isExpired(Instant.now());
    }

    /** The request to send over a link, if it is time. */
    Optional<Control> request() {
        if (!isDue() || isTooEarly()) {
            return Optional.empty();
        }
        asked = AgentKey.generate();
        Renew renew = Renew.newBuilder()
                .setCsr(ByteString.copyFrom(Csr.make(asked, identity.name()).getBytes()))
                .build();
        return Optional.of(Control.newBuilder().setRenew(renew).build());
    }

    /** A link's answer. */
    void answered(Renewed answer) {
        if (answer.getCertificate().isEmpty() || asked == null) {
            log.warn("Certificate not renewed: {}", answer.getDetail());
            return;
        }
        AgentKey key = asked;
        asked = null;
        try {
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(Pem.certificate(answer.getCertificate().toByteArray()));
            for (ByteString issuer : answer.getChainList()) {
                chain.add(Pem.certificate(issuer.toByteArray()));
            }
            take(identity.renewed(key, chain));
        } catch (CertificateException e) {
            log.warn("Certificate not renewed: what came can't be read", e);
        }
    }

    /** Renews where an ended certificate is taken, too. Never fails; done at once if that was tried lately. */
    Future<Void> onAccess(String why) {
        if (isTooEarly()) {
            return Future.succeededFuture();
        }
        log.info("Renewing the certificate at {}: {}", identity.accessUrl(), why);
        Identity old = identity;
        return vertx.executeBlocking(() -> EnrolClient.renew(old))
                .compose(this::take)
                .recover(cause -> {
                    String text = cause instanceof EnrolException ? cause.getMessage() : cause.toString();
                    complain.accept("the certificate can't be renewed: " + text);
                    return Future.succeededFuture();
                });
    }

    private boolean isTooEarly() {
        if (System.nanoTime() - after < 0) {
            return true;
        }
        after = System.nanoTime() + PAUSE.toNanos();
        return false;
    }

    private Future<Void> take(Identity fresh) {
        return vertx.<Void>executeBlocking(() -> {
                    fresh.save(folder);
                    return null;
                })
                .onSuccess(saved -> {
                    identity = fresh;
                    onRenewed.run();
                    log.info(
                            "New certificate until {}; links made from now on use it",
                            fresh.certificate().getNotAfter().toInstant());
                })
                .onFailure(cause -> log.error("New certificate can't be saved", cause));
    }
}
