import Foundation
import Testing

/// Files that never end, or that would be larger in memory than on the wire: refused soon, in little memory.
@Suite("Files made to hurt", .serialized)
struct HostileFileTests {
    static let camt =
        "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt>"
        + "<Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    static let entry = camt + "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls>"
    static let mt940 = ":20:X\r\n:25:1\r\n:28C:1\r\n:60F:C260101EUR1,\r\n:61:2601010101C1,NTRFNONREF\r\n"

    /// The beginning, what comes again and again, and what it is refused as.
    static let endless: [(name: String, begin: String, again: String, code: String)] = [
        ("a text", camt + "<Ntry><AddtlNtryInf>", "a", "bank.too-large"),
        ("a name", camt + "<", "a", "bank.malformed"),
        ("a quoted part", camt + "<Ntry><AddtlNtryInf><![CDATA[", "a", "bank.malformed"),
        ("elements in elements", camt, "<a>", "bank.malformed"),
        ("attributes", camt + "<Ntry ", "a=\"1\" ", "bank.malformed"),
        ("payments of an entry", entry, "<TxDtls/>", "bank.too-large"),
        ("a text of many lines", entry + "<TxDtls><RmtInf>", "<Ustrd>abcdefghijklmnop</Ustrd>", "bank.too-large"),
        (
            "documents of a payment", entry + "<TxDtls><RmtInf>", "<Strd><RfrdDocInf><Nb>1</Nb></RfrdDocInf></Strd>",
            "bank.too-large"
        ),
        ("balances", camt, "<Bal><Amt Ccy=\"EUR\">1</Amt></Bal>", "bank.too-large"),
        ("a document type", "<?xml version=\"1.0\"?><!DOCTYPE a [", "<!ENTITY a \"b\">", "bank.document-type"),
        ("a line", mt940 + ":86:", "a", "bank.too-large"),
        ("a field", mt940 + ":86:", "abcdefgh\r\n", "bank.too-large"),
        ("fields of an entry", mt940, ":86:abcdefgh\r\n", "bank.too-large"),
        ("balances of MT940", mt940, ":65:C260101EUR1,\r\n", "bank.too-large"),
    ]

    @Test("a bank file without an end is refused soon and in little memory", arguments: endless)
    func bank(name: String, begin: String, again: String, code: String) throws {
        let piece = Array(String(repeating: again, count: max(1, 65_536 / again.utf8.count)).utf8)
        let source = Pieces(begin: Array(begin.utf8), again: piece, most: 1 << 30)
        let done = try FedProgram.run(["bank", "read", "/dev/stdin", "--json"], pieces: { source.next() })
        #expect(done.status == 1, "\(name): \(done.error)")
        #expect(done.out.contains("\"\(code)\""), "\(name): \(done.out.prefix(500))")
        #expect(!done.out.contains("\"statements\""))
        #expect(done.fed < 1 << 29, "\(name): read \(done.fed >> 20) MiB")
        #expect(done.peakMiB < 500, "\(name): \(done.peakMiB) MiB")
    }

    @Test("entities that would make a gigabyte of a kilobyte are not even read")
    func bomb() throws {
        var text = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY e0 \"aaaaaaaaaa\">"
        for level in 1...9 {
            text += "<!ENTITY e\(level) \"\(String(repeating: "&e\(level - 1);", count: 10))\">"
        }
        text += "]><Document><BkToCstmrStmt><Stmt><Id>&e9;</Id></Stmt></BkToCstmrStmt></Document>"
        let source = Pieces(begin: Array(text.utf8), again: [], most: 0)
        let done = try FedProgram.run(["bank", "read", "/dev/stdin", "--json"], pieces: { source.next() })
        #expect(done.status == 1)
        #expect(done.out.contains("\"bank.document-type\""))
        #expect(done.peakMiB < 150, "\(done.peakMiB) MiB")
    }

    @Test(
        "a table whose line or cell does not end is refused in little memory",
        arguments: [
            ("order_id,line_no\nSO-1,", "a"), ("order_id,line_no\nSO-1,\"", "a"), ("order_id,line_no\nSO-1,\"", "b\n"),
            ("order_id", ",a"), ("{\"order_id\":\"", "a"), ("{\"order_id\":", "["),
        ])
    func table(begin: String, again: String) throws {
        let folder = try Self.books()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("orders.csv")
        let piece = Data(String(repeating: again, count: (1 << 20) / again.utf8.count).utf8)
        try Data(begin.utf8).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        for _ in 0..<Self.mebibytes { try handle.write(contentsOf: piece) }
        try handle.close()
        let done = try FedProgram.run(["import", "orders", file.path, "--json"], in: folder)
        #expect(done.status == 1, "\(done.error)")
        #expect(done.out.contains("\"table."), "\(done.out.prefix(500))")
        #expect(done.peakMiB < 250, "\(done.peakMiB) MiB")
    }

    /// A field of 2 GB in `./test --long`.
    private static var mebibytes: Int { ProcessInfo.processInfo.environment["DULY_LONG"] == "1" ? 2_048 : 64 }

    /// A folder with books named duly.db.
    static func books() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = try FedProgram.run(["init", "--seller", "X", "--country", "DE", "--currency", "EUR"], in: folder)
        try #require(made.status == 0, "\(made.error)")
        return folder
    }
}

/// A beginning, and then the same again and again, up to so many bytes. Asked by one thread.
final class Pieces: @unchecked Sendable {
    private var begin: [UInt8]?
    private let again: [UInt8]
    private let most: Int
    private var told = 0

    init(begin: [UInt8], again: [UInt8], most: Int) {
        self.begin = begin
        self.again = again
        self.most = most
    }

    func next() -> [UInt8]? {
        let piece = begin ?? again
        begin = nil
        guard told < most || told == 0 else { return nil }
        told += piece.count
        return piece.isEmpty ? nil : piece
    }
}
