package dev.gatehouse.shared.custody;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Who holds the CAs' private keys and signs with them. Built in to admin-api ({@code BuiltInCustody}), reached from other processes over the bus ({@code BusCustody}).
 *
 * <p>Failures are {@link CustodyException}. Thread-safe.
 */
public interface Custody {

    /**
     * @param token join token
     *
     * @param csr DER of a PKCS#10 request
     *
     * @param name wished by the agent, made unique if it is taken
     *
     * @param remote who asks, for the audit
     */
    record Enrolment(String token, Buffer csr, String name, String remote) {}

    /**
     * @param certificate DER
     *
     * @param chain DER of the issuing CA
     *
     * @param trust DER of the CAs that the agent is to trust (nodes)
     */
    record Issued(
            UUID agentId,
            String name,
            Map<String, String> labels,
            Buffer certificate,
            List<Buffer> chain,
            List<Buffer> trust) {}

    /**
     * A process that wants to be a node.
     *
     * @param token node token
     *
     * @param csr DER of a PKCS#10 request
     *
     * @param name of the node
     *
     * @param names host names and addresses where it is reached
     *
     * @param remote who asks, for the audit
     */
    record NodeRequest(String token, Buffer csr, String name, List<String> names, String remote) {}

    /**
     * @param certificate DER
     *
     * @param chain DER of the issuing CA
     */
    record IssuedNode(Buffer certificate, List<Buffer> chain) {}

    /** Uses up one use of the token, registers a new agent and gives it its first certificate. */
    Future<Issued> enrol(Enrolment enrolment);

    /** A new certificate for an agent whose link has proved who it is. */
    Future<Issued> renew(UUID agentId, Buffer csr);

    /**
     * A request, on `access`, of an agent whose certificate has ended or is about to; it is checked here, so that whoever forwards it need not be trusted.
     *
     * @param remote who asks, for the audit
     */
    Future<Issued> renewExpired(ExpiredRenewal renewal, String remote);

    /** A certificate for a node, by the node token; a wrong token is audited. */
    Future<IssuedNode> issueNode(NodeRequest request);

    /** The signature of the CA of nodes over a registered resource's statement, by which agents know that it is this deployment's. Only for those who have checked that the person may register it. */
    Future<Buffer> signResource(Buffer statement);

    /** A secret of 32 bytes for a purpose that gateways share, derived from the CA of nodes: the same for ever. */
    Future<Buffer> derive(String purpose);

    /** DER of the CAs: what agents and users must trust. */
    Future<List<Buffer>> trust();
}
