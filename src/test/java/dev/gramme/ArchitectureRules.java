package dev.gramme;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * Which room may use which, as ArchUnit rules under a given root package: the program's own, or the small fixture
 * that proves that each rule can fail.
 */
final class ArchitectureRules {

    /** What each room that decides may use of the others, beside itself. */
    private static final Map<String, List<String>> PURE_MAY_USE = new LinkedHashMap<>();

    /** Rooms that act. They use the pure rooms and {@code runtime}, which in turn ties them together. */
    static final List<String> OUTER = List.of("storage", "transport", "rest", "cli", "console");

    private static final List<String> MACHINES =
            List.of("coordinator", "replica", "handoff", "antientropy", "membership");

    static {
        PURE_MAY_USE.put("version", List.of());
        PURE_MAY_USE.put("ring", List.of("version"));
        PURE_MAY_USE.put("quorum", List.of("version", "ring"));
        PURE_MAY_USE.put("wire", List.of("version", "ring", "quorum"));
        for (String machine : MACHINES) {
            PURE_MAY_USE.put(machine, List.of("version", "ring", "quorum", "wire"));
        }
        PURE_MAY_USE.put("node", pureRooms());
    }

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    static List<String> pureRooms() {
        return List.copyOf(PURE_MAY_USE.keySet());
    }

    List<ArchRule> all() {
        List<ArchRule> rules = new ArrayList<>();
        PURE_MAY_USE.forEach((room, others) -> rules.add(usesOnly(room, others)));
        pureRooms().forEach(room -> {
            rules.add(decidesOnly(room));
            rules.add(needsNoLock(room));
        });
        OUTER.forEach(room -> rules.add(meetsOtherOuterRoomsOnlyInRuntime(room)));
        return rules;
    }

    /** The direction of DESIGN.md 3, for one pure room. */
    ArchRule usesOnly(String room, List<String> others) {
        DescribedPredicate<JavaClass> foreign = resideInAPackage(root + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(Stream.concat(Stream.of(room), others.stream())
                        .map(this::in)
                        .toArray(String[]::new))));
        return noClasses()
                .that()
                .resideInAPackage(in(room))
                .should()
                .dependOnClassesThat(foreign)
                .because("room '" + room + "' may use of the other rooms only " + others)
                .allowEmptyShould(true);
    }

    /** A pure room reaches for nothing but plain computation: no framework, file, socket, thread, lock or clock. */
    ArchRule decidesOnly(String room) {
        DescribedPredicate<JavaClass> plain = resideInAnyPackage(
                root + "..",
                "java.lang",
                "java.lang.annotation",
                "java.lang.constant",
                "java.lang.invoke",
                "java.lang.runtime",
                "java.math",
                "java.nio",
                "java.nio.charset",
                "java.security",
                "java.time",
                "java.util",
                "java.util.function",
                "java.util.random",
                "java.util.regex",
                "java.util.stream",
                "java.util.zip",
                "javax.crypto..",
                "org.jspecify.annotations");
        DescribedPredicate<JavaClass> allowed = plain.and(DescribedPredicate.not(actsBehindAPlainName()))
                .or(DescribedPredicate.describe("TimeUnit", c -> c.isEquivalentTo(TimeUnit.class)))
                .or(DescribedPredicate.describe(
                        "a primitive", c -> componentOf(c).isPrimitive()))
                .or(DescribedPredicate.describe("an array of allowed", c -> c.isArray() && plain.test(componentOf(c))));
        return classes()
                .that()
                .resideInAPackage(in(room))
                .should()
                .onlyDependOnClassesThat(allowed)
                .because("room '" + room + "' decides and does not act: what it needs of the world is an argument")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> actsBehindAPlainName() {
        return DescribedPredicate.describe("threads, processes, clocks and hidden randomness", c -> {
            String name = c.getName();
            return name.startsWith("java.lang.Thread")
                    || name.startsWith("java.lang.Process")
                    || name.equals("java.lang.Runtime")
                    || name.equals("java.time.Clock")
                    || name.equals("java.util.Timer")
                    || name.equals("java.util.TimerTask")
                    || name.equals("java.security.SecureRandom");
        });
    }

    private static JavaClass componentOf(JavaClass type) {
        return type.getBaseComponentType();
    }

    ArchRule needsNoLock(String room) {
        return methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(in(room))
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .because("work on a key is serial; room '" + room + "' needs no lock")
                .allowEmptyShould(true);
    }

    ArchRule meetsOtherOuterRoomsOnlyInRuntime(String room) {
        String[] others = OUTER.stream()
                .filter(other -> !other.equals(room))
                .map(this::in)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(in(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("outer rooms meet only in 'runtime'")
                .allowEmptyShould(true);
    }

    /** Every package says in its package-info what it guarantees, and is checked for null. */
    ArchRule everyPackageIsNullMarked() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(liveInANullMarkedPackage())
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info is annotated @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type, marked, "package " + type.getPackageName() + " has no @NullMarked package-info"));
            }
        };
    }

    /** The rooms that a package tree has but this page does not know. */
    List<String> unknownRooms(Collection<JavaClass> types) {
        return types.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(root + "."))
                .map(name -> name.substring(root.length() + 1).split("\\.")[0])
                .filter(room -> !PURE_MAY_USE.containsKey(room) && !OUTER.contains(room) && !room.equals("runtime"))
                .distinct()
                .sorted()
                .toList();
    }

    private String in(String room) {
        return root + "." + room + "..";
    }
}
