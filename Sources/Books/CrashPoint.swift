import Foundation
import Synchronization

/// Named moments at which a process can be made to die, for the tests of recovery: with DULY_CRASH_AT=NAME:N in the environment
/// the process kills itself when it reaches the point NAME for the N-th time, without any cleaning up, as if the power had failed
/// for it alone. `NAME` is the same as `NAME:1`.
///
/// Without the variable a point costs one check and does nothing. With it nothing can be lost that a crash at that moment could
/// not lose anyway.
public enum CrashPoint {
    private final class Wanted: Sendable {
        let name: String
        let left: Atomic<Int>
        init(name: String, time: Int) {
            self.name = name
            left = Atomic(time)
        }
    }

    private static let wanted: Wanted? = {
        guard let text = ProcessInfo.processInfo.environment["DULY_CRASH_AT"] else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let name = parts.first, let time = parts.count == 1 ? 1 : Int(parts[1]), time > 0 else { return nil }
        return Wanted(name: String(name), time: time)
    }()

    /// Says that the process is at this point; names are written slice.moment.
    @inline(__always)
    public static func reach(_ name: StaticString) {
        guard let wanted else { return }
        die(at: name, wanted)
    }

    private static func die(at name: StaticString, _ wanted: Wanted) {
        guard wanted.name == name.description,
            wanted.left.subtract(1, ordering: .relaxed).newValue == 0
        else { return }
        kill(getpid(), SIGKILL)
        // Nothing more happens on this thread, however long the signal takes.
        while true { pause() }
    }
}
