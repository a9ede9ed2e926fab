package dev.gatehouse.agent.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.SignedResource;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class RegistrationsTest {

    private final Registrations registrations = new Registrations();

    @Test
    void aListCountsOnceItsLastPartIsThere() {
        assertThat(registrations.received(0, part(1, true, false, "a"))).isFalse();
        assertThat(registrations.current()).isEmpty();
        assertThat(registrations.received(0, part(1, false, true, "b"))).isTrue();
        says("a", "b");
        assertThat(registrations.received(0, part(2, true, true))).isTrue();
        says();
    }

    @Test
    void theNewestOfTwoLinksCounts() {
        registrations.received(0, part(7, true, true, "new"));
        assertThat(registrations.received(1, part(6, true, true, "old"))).isFalse();
        says("new");
        // the newer one's link has gone: the other gateway's view is all there is
        assertThat(registrations.left(0)).isTrue();
        says("old");
    }

    @Test
    void aListStaysWhenItsLinkGoesAndNoOtherIsThere() {
        registrations.received(0, part(7, true, true, "a"));
        assertThat(registrations.left(0)).isFalse();
        says("a");
    }

    @Test
    void partsWithoutABeginningAndEntriesBeyondTheLimitAreDropped() {
        assertThat(registrations.received(0, part(1, false, true, "a"))).isFalse();
        says();
        registrations.received(
                0,
                Registered.newBuilder()
                        .setFirst(true)
                        .setLast(true)
                        .addAllResources(Collections.nCopies(Registrations.MAX + 1, resource("x")))
                        .build());
        assertThat(registrations.current()).hasSize(Registrations.MAX);
    }

    private void says(String... statements) {
        assertThat(registrations.current())
                .containsExactlyElementsOf(Arrays.stream(statements)
                        .map(RegistrationsTest::resource)
                        .toList());
    }

    private static Registered part(long version, boolean first, boolean last, String... statements) {
        return Registered.newBuilder()
                .setVersion(version)
                .setFirst(first)
                .setLast(last)
                .addAllResources(Arrays.stream(statements)
                        .map(RegistrationsTest::resource)
                        .toList())
                .build();
    }

    private static SignedResource resource(String statement) {
        return SignedResource.newBuilder()
                .setStatement(ByteString.copyFromUtf8(statement))
                .build();
    }
}
