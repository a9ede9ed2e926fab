package dev.gatehouse.shared.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Members as Hazelcast knows them; a member's id, name and roles are its attributes. */
public final class HazelcastMembers implements Members, MembershipListener {

    static final String ID = "gatehouse.id";
    static final String NAME = "gatehouse.name";
    static final String ROLES = "gatehouse.roles";

    private final HazelcastInstance hazelcast;
    private final List<Runnable> changeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Member>> leaveListeners = new CopyOnWriteArrayList<>();

    /** Another member with this node's name. */
    public record Namesake(String id, String address) {}

    HazelcastMembers(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        hazelcast.getCluster().addMembershipListener(this);
    }

    @Override
    public List<Member> with(Role role) {
        return all().stream().filter(member -> member.roles().contains(role)).toList();
    }

    @Override
    public List<Member> all() {
        return hazelcast.getCluster().getMembers().stream()
                .flatMap(member -> member(member).stream())
                .sorted(Comparator.comparing(Member::id))
                .toList();
    }

    /** A member that has this node's name and joined before it: the right to the name is the older's. */
    public Optional<Namesake> olderNamesake() {
        com.hazelcast.cluster.Member self = hazelcast.getCluster().getLocalMember();
        for (com.hazelcast.cluster.Member member : hazelcast.getCluster().getMembers()) { // the oldest first
            if (member.equals(self)) {
                return Optional.empty();
            }
            if (self.getAttribute(NAME).equals(member.getAttribute(NAME))) {
                return Optional.of(
                        new Namesake(String.valueOf(member.getAttribute(ID)), String.valueOf(member.getAddress())));
            }
        }
        return Optional.empty();
    }

    /** Tells, on any thread, that this member's cluster gives way to another that it had been cut off from: what the bus knows of subscriptions can't be relied on from then on. */
    public void onMerge(Runnable listener) {
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.MERGING) {
                listener.run();
            }
        });
    }

    @Override
    public void onChange(Runnable listener) {
        changeListeners.add(listener);
    }

    @Override
    public void onLeave(Consumer<Member> listener) {
        leaveListeners.add(listener);
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        changeListeners.forEach(Runnable::run);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        member(event.getMember()).ifPresent(member -> leaveListeners.forEach(listener -> listener.accept(member)));
        changeListeners.forEach(Runnable::run);
    }

    static String encode(Set<Role> roles) {
        return roles.stream().map(Role::word).sorted().collect(Collectors.joining(","));
    }

    private static Optional<Member> member(com.hazelcast.cluster.Member member) {
        String id = member.getAttribute(ID);
        if (id == null) {
            return Optional.empty(); // not one of ours
        }
        List<String> words = List.of(member.getAttribute(ROLES).split(","));
        Set<Role> roles = Arrays.stream(Role.values())
                .filter(role -> words.contains(role.word()))
                .collect(Collectors.toUnmodifiableSet());
        return Optional.of(new Member(id, roles));
    }
}
