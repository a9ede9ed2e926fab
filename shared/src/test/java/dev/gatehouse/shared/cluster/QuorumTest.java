package dev.gatehouse.shared.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuorumTest {

    @Test
    void isMoreThanHalf() {
        assertThat(new Quorum(1, 1).met()).isTrue();
        assertThat(new Quorum(1, 0).met()).isFalse();
        assertThat(new Quorum(3, 2).met()).isTrue();
        assertThat(new Quorum(3, 1).met()).isFalse();
        assertThat(new Quorum(4, 2).met()).as("half is not more than half").isFalse();
        assertThat(new Quorum(4, 3).met()).isTrue();
        assertThat(new Quorum(3, 1)).hasToString("1 of 3 background-workers are there");
    }
}
