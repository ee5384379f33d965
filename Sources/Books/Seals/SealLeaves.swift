import Ledger

/// The leaves of one transaction's audit record: a line of text for each permanent record.
///
///     BOOK AUDIT RECORDED PLACE KIND ID HASH
///
/// `PLACE` counts from 0 in the order of the audit record, `HASH` is the record's own hash. The id of an event is the command's,
/// which people may choose and which may name a customer or an order: `-` stands for it. Its hash holds it.
struct SealLeaves {
    let book: RecordID
    let audit: RecordID
    let recorded: String
    let hashes: String

    /// Gives each leaf's text, with the domain of leaves before it, in order.
    func each(_ body: (_ place: Int, _ marked: UnsafeRawBufferPointer) throws -> Void) rethrows {
        var line: [UInt8] = [SealHash.Domain.leaf.rawValue]
        line.reserveCapacity(256)
        line.append(contentsOf: "\(book) \(audit) \(recorded) ".utf8)
        let stem = line.count
        var place = 0
        var hashes = self.hashes
        try hashes.withUTF8 { text in
            var start = 0
            while start < text.count {
                var end = start
                while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
                if end > start {
                    line.removeLast(line.count - stem)
                    line.append(contentsOf: "\(place) ".utf8)
                    Self.append(text[start..<end], to: &line)
                    try line.withUnsafeBytes { try body(place, $0) }
                    place += 1
                }
                start = end + 1
            }
        }
    }

    /// Their hashes, in order.
    var leaves: [SealHash] {
        var leaves: [SealHash] = []
        each { leaves.append(SealHash(marked: $1)) }
        return leaves
    }

    /// `kind id hash` of an audit record, as a leaf says it.
    private static func append(_ record: Slice<UnsafeBufferPointer<UInt8>>, to line: inout [UInt8]) {
        let blank = UInt8(ascii: " ")
        guard let first = record.firstIndex(of: blank), let last = record.lastIndex(of: blank), first < last,
            record[record.startIndex..<first].allSatisfy(isPlain), record[(last + 1)...].allSatisfy(isPlain)
        else {
            // Nothing that the books write looks like this; what somebody put there is sealed all the same.
            line.append(contentsOf: "unreadable - \(Books.hash(record))".utf8)
            return
        }
        let id = record[(first + 1)..<last]
        line.append(contentsOf: record[...first])
        if id.count == 13, id.allSatisfy(isPlain), !record.starts(with: "event ".utf8) {
            line.append(contentsOf: id)
        } else {
            line.append(UInt8(ascii: "-"))
        }
        line.append(contentsOf: record[last...])
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
