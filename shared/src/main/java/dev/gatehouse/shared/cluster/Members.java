package dev.gatehouse.shared.cluster;

import java.util.List;
import java.util.function.Consumer;

/** Who is in the cluster now, as this process sees it. Thread-safe. */
public interface Members {

    /** Live members that have the role, in the order of their ids. */
    List<Member> with(Role role);

    /** All live members, this one too, in the order of their ids. */
    List<Member> all();

    /** Tells each change of membership, on any thread: ask {@link #with} again. */
    void onChange(Runnable listener);

    /** Tells each departure, on any thread. */
    void onLeave(Consumer<Member> listener);
}
