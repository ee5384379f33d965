import Ledger

/// That a record whose code somebody holds stands in an exported chain: the seal it is in, and the path from its leaf to the tree.
public struct SealProof: Sendable, Equatable, Encodable {
    public struct Step: Sendable, Equatable, Encodable {
        /// The hash beside it, base64url.
        public let hash: String
        /// `left` or `right` of it.
        public let side: String
    }
    public let book: String
    public let audit: String
    public let recorded: String
    public let kind: String
    public let record: String
    /// The hash of the record; of a statement's figures, that of the figures under their salt.
    public let hash: String
    public let leaf: String
    public let batch: Int64
    public let sealed: String
    public let path: [Step]
    public let tree: String
    public let root: String

    /// The first record of this kind whose hash has this code; nil where the file holds none.
    public static func find(_ code: String, kind: String, in path: String) throws -> SealProof? {
        var found: SealProof?
        var seal: (texts: [Substring], root: String)?
        var leaves: [SealHash] = []
        var hit: (parts: [Substring], place: Int)?
        func settle() {
            defer { (leaves, hit) = ([], nil) }
            guard found == nil, let hit, let seal, seal.texts.count == 6, let batch = Int64(seal.texts[1]) else {
                return
            }
            let steps = MerkleTree.path(to: hit.place, of: leaves[...])
            found = SealProof(
                book: String(hit.parts[0]), audit: String(hit.parts[1]), recorded: String(hit.parts[2]),
                kind: String(hit.parts[4]), record: String(hit.parts[5]), hash: String(hit.parts[6]),
                leaf: leaves[hit.place].text, batch: batch, sealed: String(seal.texts[2]),
                path: steps.map { Step(hash: $0.beside.text, side: $0.isRight ? "right" : "left") },
                tree: MerkleTree.follow(steps, from: leaves[hit.place]).text, root: seal.root)
        }
        try SealFile.lines(of: path) { line in
            guard found == nil, let read = SealFileLine(line) else { return }
            if read.names == ["record", "leaf"] {
                let parts = read.texts[0].split(separator: " ")
                if hit == nil, parts.count == 7, parts[4] == kind, SealCode.of(parts[6]) == code {
                    hit = (parts, leaves.count)
                }
                leaves.append(SealHash(.leaf, read.texts[0]))
            } else {
                settle()
                if read.names == ["seal", "root"] { seal = (read.texts[0].split(separator: " "), read.texts[1]) }
            }
        }
        settle()
        return found
    }
}
