package dev.gatehouse.protocol.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WindowTest {

    @Test
    void anAgentSendsUpToTheLimitAndNoFurther() {
        SendWindow window = new SendWindow(100);
        assertThat(window.allows(100)).isTrue();
        window.sent(60);
        assertThat(window.allows(41)).isFalse();
        window.sent(40);
        assertThat(window.left()).isZero();
        assertThat(window.allows(1)).isFalse();
        assertThatThrownBy(() -> window.sent(1)).hasMessage("CHUNK of 1 bytes; 0 are left in the window");
        window.raise(90); // never shrinks
        window.raise(130);
        assertThat(window.left()).isEqualTo(30);
    }
}
