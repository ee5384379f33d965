import Money

/// How long somebody stays signed in.
public enum SessionLife {
    /// Unused for 8 hours.
    public static let idleMicro: Int64 = 8 * 3_600_000_000
    /// 30 days after the sign-in, used or not.
    public static let wholeMicro: Int64 = 30 * 86_400_000_000
    /// Between the password and the code.
    public static let codeMicro: Int64 = 10 * 60_000_000
    /// An invitation is good for a week, a reset for an hour.
    public static let invitationMicro: Int64 = 7 * 86_400_000_000
    public static let resetMicro: Int64 = 3_600_000_000
    /// A use is written down when the last one is this long ago: a page should not have to write.
    public static let noteMicro: Int64 = 60_000_000

    public static func isAlive(lastUsed: Instant, expires: Instant, now: Instant) -> Bool {
        now < expires && now.micro - lastUsed.micro < idleMicro
    }
}

/// Slows guessing down: per name, and per address for all names together.
public enum Throttle {
    public enum Kind: Sendable {
        case name
        case address
        /// Attempts that cost nothing.
        var free: Int { self == .name ? 5 : 30 }
    }
    /// Failures are forgotten after this time without one.
    public static let memoryMicro: Int64 = 3_600_000_000

    /// How long the next attempt has to wait after this many in a row: nothing at first, then 2, 4, 8 … seconds, 15 minutes at most,
    /// so that nobody is locked out of their work by somebody else's guessing for long.
    public static func waitMicro(after failures: Int, _ kind: Kind) -> Int64 {
        guard failures >= kind.free else { return 0 }
        let steps = min(failures - kind.free + 1, 10)
        return min(Int64(1) << Int64(steps), 900) * 1_000_000
    }
}

/// The name somebody signs in with: letters, digits, points, dashes, underscores and @; compared in lower case.
public struct SignInName: Sendable, Hashable {
    public let text: String
    /// nil where it is empty, longer than 64 characters or holds others.
    public init?(_ text: String) {
        let lower = text.lowercased()
        let fits = lower.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || ".-_@+".unicodeScalars.contains($0)
        }
        guard (1...64).contains(lower.unicodeScalars.count), fits else { return nil }
        self.text = lower
    }
}
