import Foundation
import Ledger

/// An exported chain, checked with nothing but itself: every leaf, tree, root and link is reckoned anew, line by line.
public struct SealFile: Sendable {
    /// A seal as the file says it.
    struct Batch: Sendable, Hashable {
        let book: Int64
        let batch: Int64
        let root: String
    }
    /// What is wrong with it, in the order of the lines.
    public fileprivate(set) var checks: [VerifiedCheck] = []
    public fileprivate(set) var records: Int64 = 0
    /// The last root: of the last tie, else of the first book's chain; empty where nothing is sealed.
    public fileprivate(set) var head = ""
    fileprivate(set) var seals: [Batch] = []
    fileprivate(set) var ties: [String] = []
    public var batches: Int64 { Int64(seals.count) }
    public var ok: Bool { checks.allSatisfy(\.ok) }

    /// Whether the chain goes through a root that somebody kept.
    public func head(_ root: String) -> VerifiedCheck {
        let known =
            seals.contains { SealCode.matches(root, root: $0.root) }
            || ties.contains { SealCode.matches(root, root: $0) }
        return VerifiedCheck(name: "head", bad: known ? [] : [Verification.lost(root)])
    }

    public static func read(_ path: String) throws -> SealFile {
        var reader = SealFileReader()
        try lines(of: path) { reader.take($0) }
        return reader.end()
    }

    /// Gives each line without its end; what follows the last end is a line too, unless it is empty.
    static func lines(of path: String, _ body: (_ line: ArraySlice<UInt8>) throws -> Void) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw SealFileProblem.cannotRead(path, String(cString: strerror(errno)))
        }
        defer { try? file.close() }
        var rest: [UInt8] = []
        while true {
            let more: Data?
            do { more = try file.read(upToCount: 1 << 20) } catch {
                throw SealFileProblem.cannotRead(path, error.localizedDescription)
            }
            guard let more, !more.isEmpty else { break }
            rest.append(contentsOf: more)
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try body(rest[start..<end])
                start = end + 1
            }
            rest.removeFirst(start)
        }
        // An end that was cut off is told from a whole one by the line that is left.
        if !rest.isEmpty { try body(rest[...] + [0]) }
    }
}

/// A line of the file: `{"NAME":"…","NAME":"…"}`, of printable ASCII without quotation marks or backslashes.
struct SealFileLine {
    let names: [String]
    let texts: [String]

    init?(_ line: ArraySlice<UInt8>) {
        guard line.allSatisfy({ (32...126).contains($0) && $0 != UInt8(ascii: "\\") }), line.starts(with: "{\"".utf8),
            line.last == UInt8(ascii: "}")
        else { return nil }
        // Between quotation marks stand by turns names, texts, and what parts them.
        let parts = line.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count % 4 == 1 else { return nil }
        (names, texts) = (
            stride(from: 1, to: parts.count, by: 4).map { parts[$0] },
            stride(from: 3, to: parts.count, by: 4).map { parts[$0] }
        )
        let whole = zip(names, texts).map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
        guard "{\(whole)}".utf8.elementsEqual(line) else { return nil }
    }
}

/// Takes an exported chain line by line.
private struct SealFileReader {
    private var file = SealFile()
    private var number = 0
    private var hash = RunningHash()
    private var hasEnded = false
    private var bad: [String: [VerifiedCheck.Culprit]] = [:]
    private var order = ["format", "records", "seals", "ties", "end"]

    /// The batch whose records are being read.
    private var batch: Open?
    private struct Open {
        let book: Int64
        let batch: Int64
        let records: Int64
        let tree: String
        let line: Int
        /// Over the leaves as they are written, and as they are reckoned from the records.
        var written = MerkleTree()
        var reckoned = MerkleTree()
        var hasBad = false
        var last: (audit: RecordID, place: Int64)?
    }
    /// The last seal of the book before, and how far each book came.
    private var last: (book: Int64, batch: Int64, root: String)?
    private var reached: Set<String> = []
    private var lastTie: (tie: Int64, root: String)?

    /// A file of a million lines that has gone wrong in all of them is told by the first thousand.
    private static let most = 1_000

    private mutating func blame(
        _ check: String, _ record: String, expected: String, found: String, book: Int64 = 0
    ) {
        guard bad[check, default: []].count < Self.most else { return }
        bad[check, default: []].append(
            .init(book: book, record: "\(record) (line \(number))", expected: expected, found: found))
    }

    mutating func take(_ line: ArraySlice<UInt8>) {
        number += 1
        guard !hasEnded else {
            return blame("format", "a line after the end", expected: "the end of the file", found: "more")
        }
        guard number > 1 else {
            if !line.elementsEqual(SealExport.header.utf8) {
                blame("format", "first line", expected: SealExport.header, found: "another")
            }
            return count(line)
        }
        guard let read = SealFileLine(line) else {
            batch?.hasBad = true
            blame("format", "a line", expected: "a line of the format", found: "something else")
            return count(line)
        }
        switch (read.names, read.texts) {
        case (["record", "leaf"], let texts): record(texts[0], leaf: texts[1])
        case (["seal", "root"], let texts): seal(texts[0], root: texts[1])
        case (["tie", "heads", "root"], let texts): tie(texts[0], heads: texts[1], root: texts[2])
        case (["end", "sha256"], let texts): return finish(texts[0], hash: texts[1])
        default:
            batch?.hasBad = true
            blame("format", "a line", expected: "a line of the format", found: read.names.joined(separator: ", "))
        }
        count(line)
    }

    private mutating func count(_ line: ArraySlice<UInt8>) {
        hash.update(Array(line))
        hash.update([UInt8(ascii: "\n")])
    }

    // MARK: Records

    private mutating func record(_ text: String, leaf written: String) {
        file.records += 1
        let reckoned = SealHash(.leaf, text)
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard var batch, parts.count == 7, let audit = RecordID(parts[1]), let place = Int64(parts[3]) else {
            self.batch?.hasBad = true
            self.batch?.written.append(SealHash(written) ?? reckoned)
            self.batch?.reckoned.append(reckoned)
            return blame("records", "a record", expected: "a record of a seal", found: text)
        }
        let name = "\(parts[4]) \(parts[5] == "-" ? "" : "\(parts[5]) ")at place \(place) of audit \(audit)"
        if reckoned.text != written {
            batch.hasBad = true
            blame("records", name, expected: written, found: reckoned.text, book: batch.book)
        } else if !follows(audit, place, in: batch) || parts[0] != RecordID(number: batch.book).description {
            batch.hasBad = true
            blame("records", name, expected: "the record before it", found: "a gap, or another order", book: batch.book)
        }
        batch.written.append(SealHash(written) ?? reckoned)
        batch.reckoned.append(reckoned)
        batch.last = (audit, place)
        self.batch = batch
    }

    /// In the order of the transactions, each from its place 0 on.
    private func follows(_ audit: RecordID, _ place: Int64, in batch: Open) -> Bool {
        guard let last = batch.last else { return place == 0 }
        return audit == last.audit ? place == last.place + 1 : audit > last.audit && place == 0
    }

    // MARK: Seals

    private mutating func seal(_ text: String, root: String) {
        close()
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, let book = RecordID(parts[0])?.number, let number = Int64(parts[1]),
            let records = Int64(parts[3])
        else {
            // What belongs to it is still counted, but to nothing.
            batch = Open(book: 0, batch: 0, records: 0, tree: "", line: self.number, hasBad: true)
            return blame(
                "seals", "a seal", expected: "book, number, instant, records, tree, previous root", found: text)
        }
        let reckoned = SealHash(.seal, text).text
        let isNext = last?.book == book
        let previous = isNext ? last?.root ?? "" : "-"
        if reckoned != root {
            blame("seals", "seal \(number)", expected: root, found: reckoned, book: book)
        } else if number != (isNext ? last?.batch ?? 0 : 0) + 1 {
            blame(
                "seals", "seal \(number)", expected: "seal \((isNext ? last?.batch ?? 0 : 0) + 1)",
                found: "seal \(number)",
                book: book)
        } else if parts[5] != previous {
            blame("seals", "seal \(number)", expected: "the previous root \(parts[5])", found: previous, book: book)
        } else if !isNext, let last, last.book >= book {
            blame("seals", "seal \(number)", expected: "books in their order", found: parts[0], book: book)
        }
        last = (book, number, root)
        reached.insert("\(parts[0]) \(number) \(root)")
        file.seals.append(SealFile.Batch(book: book, batch: number, root: root))
        if file.head.isEmpty || file.seals.first?.book == book { file.head = root }
        batch = Open(book: book, batch: number, records: records, tree: parts[4], line: self.number)
    }

    /// The records of the seal before are all read.
    private mutating func close() {
        guard let open = batch else { return }
        batch = nil
        let count = Int64(open.written.count)
        if count != open.records, open.batch > 0 {
            blame(
                "seals", "seal \(open.batch)", expected: "\(open.records) records", found: "\(count)", book: open.book)
        } else if open.written.root.text != open.tree, open.reckoned.root.text != open.tree, !open.hasBad {
            // Each leaf fits its record, and together they make another tree: they were written anew.
            blame("seals", "seal \(open.batch)", expected: open.tree, found: open.written.root.text, book: open.book)
        } else if open.written.root.text != open.tree, open.reckoned.root.text != open.tree, open.batch > 0 {
            blame(
                "seals", "seal \(open.batch), with the records named", expected: open.tree,
                found: open.reckoned.root.text,
                book: open.book)
        }
    }

    // MARK: Ties and the end

    private mutating func tie(_ text: String, heads: String, root: String) {
        close()
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let number = Int64(parts[0]) else {
            return blame("ties", "a tie", expected: "number, instant, previous root", found: text)
        }
        let reckoned = SealTie.root(text: text, heads: heads).text
        if reckoned != root {
            blame("ties", "tie \(number)", expected: root, found: reckoned)
        } else if number != (lastTie?.tie ?? 0) + 1 || parts[2] != lastTie?.root ?? "-" {
            blame(
                "ties", "tie \(number)", expected: "tie \((lastTie?.tie ?? 0) + 1) after \(lastTie?.root ?? "-")",
                found: text)
        } else if let lost = heads.split(separator: ",").first(where: { !reached.contains(String($0)) }) {
            blame("ties", "tie \(number)", expected: String(lost), found: "no such seal")
        }
        lastTie = (number, root)
        file.ties.append(root)
        file.head = root
    }

    private mutating func finish(_ text: String, hash written: String) {
        close()
        hasEnded = true
        let found = "\(file.batches) \(file.records)"
        if text != found { blame("end", "the last line", expected: text, found: found) }
        // Where a line was named already, that the whole file is another one says nothing more.
        if hash.text != written, bad.isEmpty { blame("end", "the last line", expected: written, found: hash.text) }
    }

    mutating func end() -> SealFile {
        if !hasEnded {
            close()
            blame("end", "the last line", expected: "an end", found: "none: the file was cut off")
        }
        file.checks = order.map { VerifiedCheck(name: "file-\($0)", bad: bad[$0] ?? []) }
        return file
    }
}
