package dev.gatehouse.shared.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Members as Hazelcast knows them; a member's id and roles are its attributes. */
final class HazelcastMembers implements Members, MembershipListener {

    static final String ID = "gatehouse.id";
    static final String ROLES = "gatehouse.roles";

    private final HazelcastInstance hazelcast;
    private final List<Runnable> changeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Member>> leaveListeners = new CopyOnWriteArrayList<>();

    HazelcastMembers(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
        hazelcast.getCluster().addMembershipListener(this);
    }

    @Override
    public List<Member> with(Role role) {
        return hazelcast.getCluster().getMembers().stream()
                .flatMap(member -> member(member).stream())
                .filter(member -> member.roles().contains(role))
                .sorted(Comparator.comparing(Member::id))
                .toList();
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
