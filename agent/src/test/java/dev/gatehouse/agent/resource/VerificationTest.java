package dev.gatehouse.agent.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatehouse.agent.TestCa;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import dev.gatehouse.protocol.message.RegisteredResource;
import dev.gatehouse.protocol.message.SignedResource;
import dev.gatehouse.protocol.resource.AddressGlob;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {

    private final TestCa ca = new TestCa("nodes");
    private final Verification verification;

    VerificationTest() throws SelectorException {
        verification = new Verification(
                List.of(ca.certificate()),
                List.of(
                        new WatchRule(Selector.parse("env=test"), List.of(AddressGlob.of("10.0.0.*:5432"))),
                        new WatchRule(Selector.parse("env=prod"), List.of(AddressGlob.of("db.internal:*")))));
    }

    @Test
    void whatIsSignedWantedAndAllowedIsOffered() throws Verification.Refused {
        Offer offer = verification.check(signed(ca, "postgres://10.0.0.7", "test"));
        assertThat(offer.name()).isEqualTo("orders");
        assertThat(offer.address()).hasToString("10.0.0.7:5432");
        assertThat(offer.registered()).isTrue();
        assertThat(offer.weight()).isEqualTo(1);
    }

    @Test
    void anotherSignerOrOtherBytesAreRefused() {
        refused(signed(new TestCa("other"), "postgres://10.0.0.7", "test"), "is not signed by the CA");
        SignedResource good = signed(ca, "postgres://10.0.0.7", "test");
        refused(
                good.toBuilder()
                        .setStatement(signed(ca, "postgres://10.0.0.8", "test").getStatement())
                        .build(),
                "is not signed by the CA");
        refused(good.toBuilder().clearSignature().build(), "is not signed by the CA");
    }

    /** A signature for another purpose is none for this one. */
    @Test
    void aSignatureOverTheBareStatementIsRefused() {
        SignedResource good = signed(ca, "postgres://10.0.0.7", "test");
        Buffer bare = ca.sign(Buffer.buffer(good.getStatement().toByteArray()));
        refused(
                good.toBuilder()
                        .setSignature(ByteString.copyFrom(bare.getBytes()))
                        .build(),
                "is not signed by the CA");
    }

    @Test
    void theAgentsFileBoundsWhatIsDialled() {
        refused(
                signed(ca, "postgres://10.0.0.7", "dev"),
                "registered resource 'orders' has labels that no `watch` of the agent's file asks for");
        refused(
                signed(ca, "postgres://10.0.1.7", "test"),
                "registered resource 'orders' is at 10.0.1.7:5432, which no `allow` of the agent's file allows");
        // allowed by a rule that asks for other labels
        refused(signed(ca, "postgres://db.internal", "test"), "which no `allow`");
        refused(signed(ca, "mysql://10.0.0.7", "test"), "registered resource 'orders' has a uri that is 'mysql");
    }

    private void refused(SignedResource resource, String message) {
        assertThatThrownBy(() -> verification.check(resource))
                .isInstanceOf(Verification.Refused.class)
                .hasMessageContaining(message);
    }

    static SignedResource signed(TestCa by, String uri, String env) {
        ByteString statement = RegisteredResource.newBuilder()
                .setName("orders")
                .setKind("postgres")
                .setUri(uri)
                .putLabels("env", env)
                .setWeight(1)
                .build()
                .toByteString();
        Buffer signature = by.sign(Signatures.resourceToSign(Buffer.buffer(statement.toByteArray())));
        return SignedResource.newBuilder()
                .setStatement(statement)
                .setSignature(ByteString.copyFrom(signature.getBytes()))
                .build();
    }
}
