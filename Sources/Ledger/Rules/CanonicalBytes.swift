import Money

/// The bytes of a permanent record that its hash is taken over: fields in a fixed order, each with its length, so that no two
/// records can share bytes. The layout is part of the audit format and changes only with `version`.
public struct CanonicalBytes: Sendable {
    public private(set) var bytes: [UInt8]
    public static let version: UInt8 = 1

    /// `kind` names the sort of record: `entry`, `document`, `trace`, `event`.
    public init(_ kind: String) {
        bytes = [Self.version]
        bytes.reserveCapacity(256)
        append(kind)
    }
    public mutating func append(_ text: String) {
        append(length: text.utf8.count, tag: UInt8(ascii: "t"))
        bytes.append(contentsOf: text.utf8)
    }
    public mutating func append(_ number: Int64) {
        bytes.append(UInt8(ascii: "i"))
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
    public mutating func append(_ number: Int64?) {
        if let number { append(number) } else { bytes.append(UInt8(ascii: "n")) }
    }
    public mutating func append(_ money: Money) {
        append(money.minor)
        append(money.currency.code)
    }
    private mutating func append(length: Int, tag: UInt8) {
        bytes.append(tag)
        withUnsafeBytes(of: UInt32(length).bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// The bytes of a journal entry as recorded, by `command` at the instant `recorded`.
    public static func of(
        _ entry: Entry, id: RecordID, book: Int64, command: String, recorded: String
    ) -> [UInt8] {
        var canonical = CanonicalBytes("entry")
        canonical.append(book)
        canonical.append(id.number)
        canonical.append(command)
        canonical.append(recorded)
        canonical.append(entry.kind.rawValue)
        canonical.append(entry.day.description)
        canonical.append(entry.reverses?.number)
        canonical.append(Int64(entry.lines.count))
        for line in entry.lines {
            canonical.append(line.account.rawValue)
            canonical.append(line.customer?.number)
            canonical.append(line.item?.number)
            canonical.append(line.amount)
            canonical.append(line.home)
            canonical.append(line.rate.scaled)
            canonical.append(line.rate.day.description)
            canonical.append(line.rate.source)
        }
        return canonical.bytes
    }
}
