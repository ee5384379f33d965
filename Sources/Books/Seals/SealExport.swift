import Database
import Foundation
import Ledger

/// Writes the audit chain as a text file that whoever has nothing else can check: docs/audit-format.md. The same chain gives the
/// same bytes.
public enum SealExport {
    public struct Written: Sendable, Equatable {
        public var batches: Int64 = 0
        public var records: Int64 = 0
        /// The last root that is in it; empty where there is none.
        public var head = ""
    }

    static let header = #"{"duly-audit":1}"#

    /// Writes to the file, which takes the name when it is whole. `book` nil: all books, with what ties them together.
    public static func write(
        _ path: String, book: Int64? = nil, from database: any Database
    ) async throws -> Written {
        let half = path + ".half"
        do {
            let written = try await database.read { transaction in
                var lines = try ExportLines(half)
                let written = try export(book, transaction, to: &lines)
                try lines.end(written)
                return written
            }
            guard rename(half, path) == 0 else {
                throw SealFileProblem.cannotWrite(path, String(cString: strerror(errno)))
            }
            return written
        } catch {
            try? FileManager.default.removeItem(atPath: half)
            throw error
        }
    }

    private static func export(
        _ only: Int64?, _ transaction: any Transaction, to lines: inout ExportLines
    ) throws -> Written {
        var written = Written()
        var roots: [String] = []
        for book in try only.map({ [$0] }) ?? SealVerification.books(transaction) {
            let seals = try transaction.query(
                "SELECT \(Seal.columns) FROM seals WHERE book = $1 ORDER BY batch", [.int(book)])
            for row in seals {
                let seal = try Seal(row)
                try lines.line(#"{"seal":"\#(seal.text)","root":"\#(seal.root)"}"#)
                written.records += try records(of: seal, transaction, to: &lines)
                written.batches += 1
            }
            if let last = seals.last { roots.append(try Seal(last).root) }
        }
        written.head = roots.first ?? ""
        guard only == nil else { return written }
        for row in try transaction.query("SELECT \(SealTie.columns) FROM seal_ties ORDER BY book, tie", []) {
            let tie = try SealTie(row)
            try lines.line(#"{"tie":"\#(tie.text)","heads":"\#(tie.heads)","root":"\#(tie.root)"}"#)
            written.head = tie.root
        }
        return written
    }

    private static func records(
        of seal: Seal, _ transaction: any Transaction, to lines: inout ExportLines
    ) throws -> Int64 {
        var count: Int64 = 0
        try transaction.rows(
            """
            SELECT s.audit, a.recorded, a.hashes
            FROM sealed_records s
            JOIN audit_records a ON a.book = s.book AND a.audit = s.audit
            WHERE s.book = $1 AND s.batch = $2
            ORDER BY s.audit
            """, [.int(seal.book), .int(seal.batch)]
        ) { row in
            try SealLeaves(
                book: RecordID(number: seal.book), audit: RecordID(number: try row.int(0)), recorded: try row.text(1),
                hashes: try row.text(2)
            ).each { _, marked in
                count += 1
                try lines.record(marked)
            }
        }
        return count
    }
}

/// What a file of the chain could not be.
public enum SealFileProblem: Refusal, Equatable {
    case cannotRead(String, String)
    case cannotWrite(String, String)

    public var code: String {
        switch self {
        case .cannotRead: "audit.cannot-read"
        case .cannotWrite: "audit.cannot-write"
        }
    }
    public var what: String {
        switch self {
        case .cannotRead: "The chain was not checked."
        case .cannotWrite: "The chain was not exported."
        }
    }
    public var why: String {
        switch self {
        case .cannotRead(let path, let why): "\(path) cannot be read: \(why)"
        case .cannotWrite(let path, let why): "\(path) cannot be written: \(why)"
        }
    }
    public var next: String {
        switch self {
        case .cannotRead: "Name a file that 'duly audit export' wrote."
        case .cannotWrite: "Name a file in a folder that you may write to."
        }
    }
}

/// Lines on their way into a file, with the hash of all of them.
private struct ExportLines {
    private let path: String
    private let file: FileHandle
    private var waiting: [UInt8] = []
    private var hash = RunningHash()

    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw SealFileProblem.cannotWrite(path, String(cString: strerror(errno))) }
        self.file = file
        try line(SealExport.header)
    }

    mutating func line(_ text: String) throws {
        waiting.append(contentsOf: text.utf8)
        waiting.append(UInt8(ascii: "\n"))
        if waiting.count > 1 << 20 { try flush() }
    }

    /// A leaf, with its domain before it.
    mutating func record(_ marked: UnsafeRawBufferPointer) throws {
        waiting.append(contentsOf: #"{"record":""#.utf8)
        waiting.append(contentsOf: marked.dropFirst())
        waiting.append(contentsOf: #"","leaf":""#.utf8)
        waiting.append(contentsOf: SealHash(marked: marked).text.utf8)
        waiting.append(contentsOf: "\"}\n".utf8)
        if waiting.count > 1 << 20 { try flush() }
    }

    mutating func end(_ written: SealExport.Written) throws {
        try flush()
        try line(#"{"end":"\#(written.batches) \#(written.records)","sha256":"\#(hash.text)"}"#)
        try flush()
        do {
            try file.synchronize()
            try file.close()
        } catch { throw SealFileProblem.cannotWrite(path, error.localizedDescription) }
    }

    private mutating func flush() throws {
        hash.update(waiting)
        do { try file.write(contentsOf: waiting) } catch {
            throw SealFileProblem.cannotWrite(path, error.localizedDescription)
        }
        waiting.removeAll(keepingCapacity: true)
    }
}
