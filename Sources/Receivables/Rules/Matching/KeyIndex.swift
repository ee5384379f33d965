/// From a 64-bit key to any number of values: open addressing, values of one key in order of insertion.
/// Keys are hashes of what was written. Two of a million different keys are equal with a chance of 1 in 10^7; and a key alone
/// never moves money, since payer and amount must agree with it.
struct KeyIndex: Sendable {
    private var slots: [Int32]
    private var keys: [UInt64] = []
    private var values: [Int32] = []
    private var following: [Int32] = []
    private var last: [Int32] = []

    init(expecting count: Int) {
        var size = 16
        while size < count * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
        following.reserveCapacity(count)
        last.reserveCapacity(count)
    }

    private func slot(of key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (slots.count - 1)
        while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    mutating func insert(_ key: UInt64, _ value: Int32) {
        if keys.count * 2 >= slots.count { grow() }
        let entry = Int32(keys.count)
        keys.append(key)
        values.append(value)
        following.append(-1)
        last.append(entry)
        let slot = slot(of: key)
        let head = slots[slot]
        if head < 0 {
            slots[slot] = entry
        } else {
            following[Int(last[Int(head)])] = entry
            last[Int(head)] = entry
        }
    }

    private mutating func grow() {
        let heads = slots.filter { $0 >= 0 }
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for head in heads { slots[slot(of: keys[Int(head)])] = head }
    }

    /// A cursor to the first value of a key, or -1.
    func first(_ key: UInt64) -> Int32 { slots[slot(of: key)] }
    func value(_ cursor: Int32) -> Int32 { values[Int(cursor)] }
    func next(_ cursor: Int32) -> Int32 { following[Int(cursor)] }

    /// At most `limit` values of a key.
    func values(_ key: UInt64, limit: Int) -> [Int32] {
        var found: [Int32] = []
        var cursor = first(key)
        while cursor >= 0, found.count < limit {
            found.append(value(cursor))
            cursor = next(cursor)
        }
        return found
    }
}

/// FNV-1a over bytes, extended byte by byte.
struct KeyHash: Sendable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    mutating func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { add(byte) } }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = KeyHash()
        hash.add(bytes)
        return hash.value
    }
    static func of(_ numbers: Int64...) -> UInt64 {
        var hash = KeyHash()
        for number in numbers {
            for shift in 0..<8 { hash.add(UInt8(truncatingIfNeeded: number >> Int64(shift * 8))) }
        }
        return hash.value
    }
}
