package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.trust.NodeUri;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;

/** The rows of {@code certificate} that are nodes', with their audit. Thread-safe. */
public final class NodeCertificates {

    private NodeCertificates() {}

    /** Notes a new certificate, then forgets those of the node that have ended; one that is known already changes nothing. Not one transaction: a row whose audit is missing is of a certificate that nobody was given. */
    public static Future<Void> record(Pool postgres, Audit audit, X509Certificate certificate, String remote) {
        String node = NodeUri.read(certificate).orElseThrow();
        Audit.Entry entry = entry(node, remote)
                .with("until", certificate.getNotAfter().toInstant().toString());
        return postgres.preparedQuery("insert into certificate (serial, node, not_before, not_after)"
                        + " values ($1, $2, $3, $4) on conflict (serial) do nothing")
                .execute(Tuple.of(
                        Numeric.create(certificate.getSerialNumber()),
                        node,
                        certificate.getNotBefore().toInstant().atOffset(ZoneOffset.UTC),
                        certificate.getNotAfter().toInstant().atOffset(ZoneOffset.UTC)))
                .compose(added -> added.rowCount() == 0
                        ? Future.succeededFuture()
                        : audit.record(postgres, entry).compose(recorded -> forget(postgres, node)));
    }

    private static Future<Void> forget(Pool postgres, String node) {
        return postgres.preparedQuery("delete from certificate where node = $1 and not_after < clock_timestamp()")
                .execute(Tuple.of(node))
                .mapEmpty();
    }

    static Audit.Entry entry(String node, String remote) {
        return Audit.Entry.done("node:" + node, remote, "node.certificate", node);
    }
}
