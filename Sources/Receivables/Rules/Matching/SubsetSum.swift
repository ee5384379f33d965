/// Which of some amounts sum exactly to a target: meet in the middle, at most 20 amounts (2 × 1024 sums).
enum SubsetSum {
    static let limit = 20
    static let most = 64

    /// Up to `most` sets of indexes, in a fixed order. The empty set is none.
    static func sets(of amounts: [Int64], summingTo target: Int64) -> [[Int]] {
        precondition(amounts.count <= limit)
        let positive = amounts.reduce(0) { $0 + max(0, $1) }
        let negative = amounts.reduce(0) { $0 + min(0, $1) }
        guard !amounts.isEmpty, target <= positive, target >= negative else { return [] }
        let middle = amounts.count / 2
        let low = sums(of: amounts[..<middle])
        let high = sums(of: amounts[middle...])
        var found: [[Int]] = []
        var right = high.count - 1
        for left in low {
            while right >= 0, left.sum + high[right].sum > target { right -= 1 }
            var match = right
            while match >= 0, left.sum + high[match].sum == target {
                let mask = left.mask | high[match].mask << UInt32(middle)
                if mask != 0 { found.append(amounts.indices.filter { mask >> UInt32($0) & 1 == 1 }) }
                if found.count == most { return found }
                match -= 1
            }
        }
        return found
    }

    private static func sums(of amounts: ArraySlice<Int64>) -> [(sum: Int64, mask: UInt32)] {
        var sums: [(sum: Int64, mask: UInt32)] = [(0, 0)]
        sums.reserveCapacity(1 << amounts.count)
        // Merging two sorted halves keeps the whole sorted without a sort.
        for (place, amount) in amounts.enumerated() {
            let bit = UInt32(1) << UInt32(place)
            let shifted = sums.map { (sum: $0.sum + amount, mask: $0.mask | bit) }
            var merged: [(sum: Int64, mask: UInt32)] = []
            merged.reserveCapacity(sums.count * 2)
            var a = 0
            var b = 0
            while a < sums.count || b < shifted.count {
                if b == shifted.count || (a < sums.count && sums[a].sum <= shifted[b].sum) {
                    merged.append(sums[a])
                    a += 1
                } else {
                    merged.append(shifted[b])
                    b += 1
                }
            }
            sums = merged
        }
        return sums
    }
}
