package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.trust.Revocations;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/** How a link learns who is at its other end. */
sealed interface Identification {

    /** What the agent is asked to sign first, if anything. */
    Optional<Buffer> challenge();

    /** Who it is, once its HELLO is there. */
    AgentIdentity identify(Hello hello, X509Certificate agentsCa, Revocations revocations) throws ProtocolException;

    /** TLS has proved that the CA of agents has issued this certificate and that the agent holds its key: not checked twice, as it is most of what a link costs. */
    record ByTls(X509Certificate certificate) implements Identification {

        @Override
        public Optional<Buffer> challenge() {
            return Optional.empty();
        }

        @Override
        public AgentIdentity identify(Hello hello, X509Certificate agentsCa, Revocations revocations)
                throws ProtocolException {
            return AgentIdentity.of(certificate, revocations, Instant.now());
        }
    }

    /** HELLO brings certificate and signature over a nonce that is used once. */
    record BySignature(Buffer nonce) implements Identification {

        private static final SecureRandom RANDOM = new SecureRandom();

        static BySignature fresh() {
            byte[] nonce = new byte[Signatures.NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            return new BySignature(Buffer.buffer(nonce));
        }

        @Override
        public Optional<Buffer> challenge() {
            return Optional.of(nonce);
        }

        @Override
        public AgentIdentity identify(Hello hello, X509Certificate agentsCa, Revocations revocations)
                throws ProtocolException {
            return AgentIdentity.signed(hello, nonce, agentsCa, revocations, Instant.now());
        }
    }
}
