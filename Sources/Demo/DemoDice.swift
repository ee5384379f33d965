/// Chance with a seed: SplitMix64 (Steele, Lea and Flood, 2014). The same seed throws the same numbers on every machine.
struct DemoDice: Sendable {
    private var state: UInt64

    /// Dice of their own for each topic, so that more orders do not change the customers.
    init(seed: UInt64, topic: String) {
        state = topic.utf8.reduce(seed &* 0x9E37_79B9_7F4A_7C15 &+ 1) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// True in so many of a hundred throws.
    mutating func percent(_ share: Int) -> Bool { int(0...99) < share }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[int(0...list.count - 1)] }

    /// One of the keys, as often as its weight says.
    mutating func pick<Key>(weighted list: [(key: Key, weight: Int)]) -> Key {
        var left = int(0...list.reduce(0) { $0 + $1.weight } - 1)
        for (key, weight) in list {
            if left < weight { return key }
            left -= weight
        }
        return list[list.count - 1].key
    }

    mutating func digits(_ count: Int) -> String {
        (0..<count).map { place in String(int(place == 0 ? 1...9 : 0...9)) }.joined()
    }
}
