/// The Merkle tree of RFC 6962, section 2.1, taking one leaf after the other: it keeps the roots of the whole subtrees to the
/// left, largest first, which are as many as the count of leaves has ones in binary.
struct MerkleTree {
    private var subtrees: [SealHash] = []
    private(set) var count = 0

    mutating func append(_ leaf: SealHash) {
        count += 1
        var right = leaf
        // As many trailing ones as the count had before, so many subtrees are whole now.
        for _ in 0..<count.trailingZeroBitCount { right = SealHash(left: subtrees.removeLast(), right: right) }
        subtrees.append(right)
    }

    var root: SealHash {
        guard var root = subtrees.last else { return .ofNothing }
        for left in subtrees.dropLast().reversed() { root = SealHash(left: left, right: root) }
        return root
    }

    /// What leads from a leaf to the root, from below: the hash beside it, and whether that stands to the right.
    static func path(to place: Int, of leaves: ArraySlice<SealHash>) -> [(beside: SealHash, isRight: Bool)] {
        guard leaves.count > 1 else { return [] }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
        return place < half
            ? path(to: place, of: left) + [(root(of: right), true)]
            : path(to: place - half, of: right) + [(root(of: left), false)]
    }

    static func root(of leaves: some Sequence<SealHash>) -> SealHash {
        var tree = MerkleTree()
        for leaf in leaves { tree.append(leaf) }
        return tree.root
    }

    /// Where a path leads from a leaf.
    static func follow(_ path: [(beside: SealHash, isRight: Bool)], from leaf: SealHash) -> SealHash {
        path.reduce(leaf) { hash, step in
            step.isRight ? SealHash(left: hash, right: step.beside) : SealHash(left: step.beside, right: hash)
        }
    }
}
